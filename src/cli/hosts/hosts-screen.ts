// What is shown of a command on many hosts: values as they come, then one block for each root cause, then how many.
import { exitCodeOf, type ResproutError } from '../../base/errors/errors.ts';
import type { Question } from '../../remote/connect/questions/ask.ts';
import { askOnTerminal } from '../../remote/connect/questions/ask-terminal.ts';
import { LiveRegion, canBeLive } from '../render/live-region.ts';
import { problemJson, problemOf, renderProblem } from '../render/errors/problem.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { cutTo } from '../render/text/width.ts';
import { duration } from '../render/text/duration.ts';
import { listLine } from '../render/values/json.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';
import type { Host } from './choose-targets.ts';
import type { HostOutcome } from './on-hosts.ts';
import { namesText, rootCauses, type Failure } from './root-causes.ts';

/** How a command shows what came of a host. */
export interface Shows<T> {
  /** What goes to stdout of a host that went well, without its name; nothing for an empty text. */
  text(value: T): string;
  /** The member `value` of a host with `--json`. */
  json(value: T): unknown;
  /** The member `value` of a host that failed; none when absent. */
  failedJson?(host: Host): unknown;
  /** An error of a host as one of the command. */
  failure(error: Error, host: Host): ResproutError;
}

export class HostsScreen<T> {
  readonly #hosts: readonly Host[];
  readonly #terminal: Terminal;
  readonly #options: CommonOptions;
  readonly #shows: Shows<T>;
  readonly #region: LiveRegion | undefined;
  readonly #startedMs = performance.now();
  readonly #running = new Set<Host>();
  readonly #values = new Map<Host, T>();
  readonly #failures = new Map<Host, Failure>();
  /** Asked and not answered. */
  #questions = 0;

  constructor(hosts: readonly Host[], terminal: Terminal, options: CommonOptions, shows: Shows<T>) {
    this.#hosts = hosts;
    this.#terminal = terminal;
    this.#options = options;
    this.#shows = shows;
    const { stderr, style } = terminal;
    const isLive = options.quiet !== true && options.json !== true && canBeLive(stderr, terminal.env, options.plain ?? false);
    this.#region = isLive ? new LiveRegion(stderr, (columns) => this.#liveLines(columns), terminal.env, style.symbols.cut) : undefined;
  }

  begin(host: Host): void {
    this.#running.add(host);
  }

  end(outcome: HostOutcome<T>): void {
    const { host } = outcome;
    this.#running.delete(host);
    if (outcome.ok) {
      this.#values.set(host, outcome.value);
      if (this.#options.json !== true) this.#print(host, this.#shows.text(outcome.value));
      return;
    }
    const failure = this.#shows.failure(outcome.error, host);
    this.#failures.set(host, { host, exit: exitCodeOf(failure), problem: problemOf(failure) });
  }

  /** A line of a far side. */
  say(line: string): void {
    if (this.#region === undefined) this.#terminal.stderr.write(`${line}\n`);
    else this.#region.above(`${line}\n`);
  }

  /** Lines for stdout. */
  print(text: string): void {
    // One terminal: above the lines that change.
    if (this.#region !== undefined && this.#terminal.stdout.isTTY) this.#region.above(text);
    else this.#terminal.stdout.write(text);
  }

  /** Asks the person at the terminal; the lines that change are away until there is an answer. */
  async ask(question: Question, signal: AbortSignal): Promise<string | undefined> {
    this.#region?.pause();
    this.#questions++;
    try {
      return await askOnTerminal(question, signal);
    } finally {
      if (--this.#questions === 0) this.#region?.resume();
    }
  }

  /** Shows what came of all. @returns the highest exit code of them */
  close(): number {
    this.#region?.close();
    const failures = this.#hosts.flatMap((host) => this.#failures.get(host) ?? []);
    const exit = Math.max(0, ...failures.map((failure) => failure.exit));
    if (this.#options.json === true) this.#terminal.stdout.write(listLine(this.#hosts.map(this.#jsonOf, this), exit));
    else this.#showEnd(failures.filter(({ problem }) => problem.code !== 'REMOTE_NOT_STARTED'));
    return exit;
  }

  #showEnd(failures: readonly Failure[]): void {
    const { stderr, style, cwd } = this.#terminal;
    for (const { problem, hosts } of rootCauses(failures)) {
      const on = `${namesText(hosts.map(({ label }) => label))}${hosts.length === 1 ? '' : ` (${hosts.length} targets)`}`;
      stderr.write(`${renderProblem({ ...problem, on }, style, cwd).join('\n')}\n`);
    }
    if (this.#options.quiet !== true) stderr.write(`${this.#summary()}\n`);
  }

  #summary(): string {
    const { paint, symbols } = this.#terminal.style;
    const notStarted = [...this.#failures.values()].filter(({ problem }) => problem.code === 'REMOTE_NOT_STARTED').length;
    const failed = this.#failures.size - notStarted;
    const parts = [
      paint(failed + notStarted === 0 ? 'green' : 'dim', `${symbols.done} ${this.#values.size} of ${this.#hosts.length} targets done`),
      ...(failed === 0 ? [] : [paint('red', `${symbols.failed} ${failed} failed`)]),
      ...(notStarted === 0 ? [] : [`${symbols.none} ${notStarted} not started`]),
      duration(performance.now() - this.#startedMs),
    ];
    return parts.join('  ');
  }

  #jsonOf(host: Host): unknown {
    const { label, target } = host;
    const failure = this.#failures.get(host);
    if (failure !== undefined) {
      const value = this.#shows.failedJson?.(host);
      const problem = problemJson(failure.problem);
      return { name: label, target, problem, exit: failure.exit, ...(value === undefined ? {} : { value }) };
    }
    const value = this.#values.get(host);
    return { name: label, target, value: value === undefined ? undefined : this.#shows.json(value) };
  }

  /** Each line with the name of its host in front. */
  #print(host: Host, text: string): void {
    if (text === '') return;
    const lines = text.replace(/\n$/, '').split('\n');
    this.print(lines.map((line) => `${safeLine(host.label)} | ${line}\n`).join(''));
  }

  #liveLines(columns: number): string[] {
    const { paint, symbols } = this.#terminal.style;
    const failed = this.#failures.size === 0 ? '' : `  ${paint('red', `${symbols.failed} ${this.#failures.size}`)}`;
    const names = [...this.#running].map(({ label }) => safeLine(label)).join(', ');
    const head = `${symbols.running} ${this.#values.size + this.#failures.size} of ${this.#hosts.length}${failed}`;
    return [cutTo(`${head}  ${names}`, columns, symbols.cut)];
  }
}
