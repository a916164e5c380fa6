// What a run shows on stderr while it goes on: a live region on a terminal, one plain line per change otherwise.
import { spawnSync } from 'node:child_process';
import type { TimerHandle } from '../../base/seams/clock.ts';
import { realClock } from '../../platform/time/clock.ts';
import type { Question } from '../../remote/connect/questions/ask.ts';
import { askOnTerminal } from '../../remote/connect/questions/ask-terminal.ts';
import type { RunEvent, RunObserver } from '../../worker/index.ts';
import { programOutput, type ProgramOutput } from './program-output.ts';
import { duration } from '../render/text/duration.ts';
import { LiveRegion, canBeLive } from '../render/live-region.ts';
import { callLabel } from '../render/values/call-label.ts';
import { logLine } from '../render/log-line.ts';
import { problemOf, renderWarning } from '../render/errors/problem.ts';
import { safeLine, safeText } from '../render/text/safe-text.ts';
import { RunView } from './run-view.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** How long nothing happens before a timer is told. */
const QUIET_MS = 500;

export class RunScreen implements RunObserver {
  readonly #terminal: Terminal;
  readonly #options: CommonOptions;
  readonly #region: LiveRegion | undefined;
  readonly #notes = new Set<string>();
  #questions = 0;
  #wasRaw = false;
  #quiet: TimerHandle | undefined;
  readonly view: RunView;
  readonly output: ProgramOutput;

  /** @param program as the user named it. @param isAlone false when several sessions share the terminal: plain lines then */
  constructor(program: string, terminal: Terminal, options: CommonOptions, isAlone = true) {
    this.#terminal = terminal;
    this.#options = options;
    this.view = new RunView(program, terminal.style, performance.now());
    const isLive = isAlone && !options.quiet && !options.json && canBeLive(terminal.stderr, terminal.env, options.plain ?? false);
    this.#region = isLive
      ? new LiveRegion(terminal.stderr, (columns) => this.#liveLines(columns), terminal.env, terminal.style.symbols.cut)
      : undefined;
    this.output = programOutput(terminal, this.#region, options.json ?? false);
  }

  on(event: RunEvent): void {
    if (event.type === 'terminal') return this.#lend(event.isOpen, event.isRaw);
    this.view.take(event, performance.now());
    this.#watchSleep(event);
    const line = this.#lineOf(event);
    if (line !== undefined) this.say(line);
  }

  /** A timer is told when nothing else has happened for a moment: programs have many that only wait beside them. */
  #watchSleep(event: RunEvent): void {
    this.#quiet?.clear();
    if (this.#region !== undefined || this.#options.quiet === true || event.type !== 'sleeping') return;
    this.#quiet = realClock.after(
      QUIET_MS,
      () => {
        const untilMs = this.view.sleepsUntilMs;
        if (untilMs !== undefined && untilMs > Date.now()) this.say(this.#timed(`sleep, wakes in ${duration(untilMs - Date.now())}`));
      },
      { background: true },
    );
  }

  /** Prints a line that stays. */
  say(line: string): void {
    if (this.#region === undefined) this.#terminal.stderr.write(`${line}\n`);
    else this.#region.above(`${line}\n`);
  }

  /** Asks the person at the terminal; the live region is away until there is an answer. */
  async ask(question: Question, signal: AbortSignal): Promise<string | undefined> {
    this.#region?.pause();
    this.#questions++;
    try {
      return await askOnTerminal(question, signal);
    } finally {
      this.#questions--;
      if (this.#questions === 0) this.#region?.resume();
    }
  }

  /** The program has the terminal while it reads from it: its prompts stand where it writes them. */
  #lend(isOpen: boolean, isRaw: boolean): void {
    this.#wasRaw ||= isRaw;
    if (!isOpen) return this.#region?.takeBack();
    this.#region?.lend();
    this.output.giveOpen();
  }

  #liveLines(columns: number): string[] {
    return [...this.output.openLines(), ...this.view.lines(columns, performance.now(), Date.now())];
  }

  /** Takes the live region away; later lines are plain. */
  close(): void {
    this.#quiet?.clear();
    this.output.end();
    this.#region?.close();
    // A program that was ended in between has not given the terminal back as it was.
    if (this.#wasRaw) spawnSync('stty', ['sane'], { stdio: ['inherit', 'ignore', 'ignore'] });
    this.#wasRaw = false;
  }

  /** The line that stays for an event, when it deserves one here. */
  #lineOf(event: RunEvent): string | undefined {
    const { quiet, verbose } = this.#options;
    if (event.type === 'warning') return renderWarning(problemOf(event.error), this.#terminal.style).join('\n');
    if (event.type === 'log') return quiet ? undefined : logLine(event.line);
    // A run that stands still is told also where nothing else is.
    if (event.type === 'space-awaited') return this.#warning(spaceText(event));
    if (quiet) return undefined;
    switch (event.type) {
      case 'files-differ':
        return this.#filesDiffer(event.files);
      case 'note':
        return this.#isNew(event.text) ? this.#warning(event.text) : undefined;
      case 'starting':
        return event.recorded > 1
          ? this.#timed(`resuming ${event.sessionId}, ${event.recorded} recorded events`)
          : this.#plainly(`session ${event.sessionId}`);
      case 'rewound':
        return this.#timed(rewoundText(event));
      case 'caught-up':
        return this.#timed(`${event.recorded} recorded events replayed, nothing of them was done again`);
      case 'call-started':
        return verbose ? this.#timed(`${labelOf(event)} started`) : undefined;
      case 'call-ended':
        if (!event.ok) return this.#timed(`${labelOf(event)} failed after ${duration(event.tookMs)}`);
        return verbose ? this.#timed(`${labelOf(event)} ${duration(event.tookMs)}`) : undefined;
      case 'sync':
        return verbose ? this.#timed(labelOf(event)) : undefined;
      case 'space-found':
        return this.#timed(`there is space again after ${duration(event.waitedMs)}`);
      case 'parking':
        return this.#plainly(`parking, waits up to ${duration(event.graceMs)} for what is under way`);
      case 'cancelling':
        return this.#plainly(`cancelling, waits up to ${duration(event.graceMs)}`);
      case 'built':
        return verbose ? this.#timed(`built ${event.files} files in ${duration(event.tookMs)}`) : undefined;
      case 'building':
      case 'terminal':
      case 'started':
      case 'sleeping':
      case 'woke':
      case 'parked':
      case 'ended':
        return undefined;
    }
  }

  /** A resume with another build says things twice: in its replay before, and when it goes on. */
  #isNew(note: string): boolean {
    const isNew = !this.#notes.has(note);
    this.#notes.add(note);
    return isNew;
  }

  #warning(text: string): string {
    const { style } = this.#terminal;
    const [first = '', ...rest] = safeText(text).split('\n');
    return [`${style.paint('yellow', style.symbols.warning)} ${first}`, ...rest.map((line) => ` ${line}`)].join('\n');
  }

  #filesDiffer(files: readonly string[]): string {
    const { style } = this.#terminal;
    const names = files.map(safeLine).join(', ');
    const are = files.length === 1 ? 'has' : 'have';
    const cure = `${style.paint('dim', 'do'.padEnd(6))} resprout resume ${this.view.sessionId} --build FILE goes on with the code of today`;
    return this.#warning(`${names} ${are} changed since the session began: it runs the recorded build`) + `\n   ${cure}`;
  }

  #timed(text: string): string {
    return this.#terminal.style.paint('dim', `+${duration(this.view.elapsedMs(performance.now()))} `) + text;
  }

  /** A line that the live region shows already. */
  #plainly(text: string): string | undefined {
    return this.#region === undefined ? this.#timed(text) : undefined;
  }
}

/** What a retry does again, and what it does not. */
function rewoundText({ to, call, otherCalls, keptResults, voidResults }: Extract<RunEvent, { type: 'rewound' }>): string {
  const place = call === undefined || call.site.line < 1 ? '' : ` (${safeLine(call.site.file)}:${call.site.line})`;
  const counted = (count: number, text: string): string[] => (count === 0 ? [] : [text.replace('N', String(count))]);
  return [
    `going on from event ${to}: ${call === undefined ? 'its end is void' : `${labelOf(call)}${place} is made again`}`,
    ...counted(otherCalls, 'calls under way there that have no result: N, made again too'),
    ...counted(keptResults, 'results after it: N kept'),
    ...counted(voidResults, 'results after it: N void, those calls are made again where the program comes by them'),
  ].join('; ');
}

/** `web-1 upgrade`, `fs.readFileSync`. */
function labelOf({ label, context }: { readonly label: string; readonly context?: string | undefined }): string {
  const { where, what } = callLabel(label, context);
  return where === 'program' ? what : `${where} ${what}`;
}

function spaceText({ freeBytes, neededBytes }: Extract<RunEvent, { readonly type: 'space-awaited' }>): string {
  return `the disk of the store is full: ${bytes(freeBytes)} are free, ${bytes(neededBytes)} are needed; waits a minute for space`;
}

function bytes(count: number): string {
  return count < 1_048_576 ? `${Math.ceil(count / 1024)} KiB` : `${(count / 1_048_576).toFixed(1)} MiB`;
}
