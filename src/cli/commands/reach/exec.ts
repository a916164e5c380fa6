import { constants } from 'node:os';
import path from 'node:path';
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import { SETTINGS_FILE } from '../../../base/inventory/settings-file.ts';
import { setContextLog } from '../../../remote/hosts/current-host.ts';
import { ownCaller } from '../../../remote/contexts/own-context.ts';
import { openTarget } from '../../../remote/contexts/open.ts';
import { askOnTerminal } from '../../../remote/connect/questions/ask-terminal.ts';
import { exec as execThere, type ExecEnd, type ExecPiece } from '../../../remote/exec/exec.ts';
import { chooseTargets, type Host } from '../../hosts/choose-targets.ts';
import { KeptText } from '../../hosts/exec/kept-text.ts';
import { NamedLines } from '../../hosts/exec/named-lines.ts';
import { drained, ReaderGone, written } from '../../hosts/exec/reader.ts';
import { rawTerminal, sizesOf, typed } from '../../hosts/exec/raw-terminal.ts';
import { HostsScreen } from '../../hosts/hosts-screen.ts';
import type { HostsOptions } from '../../hosts/hosts-options.ts';
import { interruptible } from '../../hosts/interrupt.ts';
import { onHosts } from '../../hosts/on-hosts.ts';
import { isOneTarget } from '../../hosts/target-words.ts';
import { hideEnv } from '../../sessions/hide-secrets.ts';
import { logLine } from '../../render/log-line.ts';
import { okLine } from '../../render/values/json.ts';
import type { CommonOptions, Terminal } from '../../terminal.ts';

export interface ExecCommandOptions extends CommonOptions, HostsOptions {
  /** The command gets a terminal there. */
  readonly tty?: boolean | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** How a command ended, with what it wrote, for `--json`. */
interface Ran extends ExecEnd {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `resprout exec`: a command on one target, or on many.
 * @returns its exit code, 128 and the number of the signal that ended it, 127 when there is no such program; of many the highest exit code
 */
export async function exec(
  texts: readonly string[],
  argv: readonly string[],
  options: ExecCommandOptions,
  terminal: Terminal,
): Promise<number> {
  hideEnv(terminal.env, { file: path.join(terminal.cwd, SETTINGS_FILE) });
  const hosts = await chooseTargets(texts, options.limit);
  const [first] = hosts;
  const isOne = isOneTarget(texts);
  if (options.tty === true && (!isOne || options.json === true))
    throw new ResproutError('USAGE', '-t is for one target, and not for --json', {
      tried: `give a terminal to ${argv[0] ?? ''} on ${texts.join(' ')}`,
      kept: 'Nothing ran',
      do: 'Name one target by its text, or leave -t out',
    });
  return first !== undefined && isOne ? await execOne(first, argv, options, terminal) : await execMany(hosts, argv, options, terminal);
}

const levelOf = ({ quiet, verbose }: CommonOptions): 'error' | 'debug' | 'info' => (quiet ? 'error' : verbose ? 'debug' : 'info');

async function execOne(host: Host, argv: readonly string[], options: ExecCommandOptions, terminal: Terminal): Promise<number> {
  const { stderr, stdin, stdout, env } = terminal;
  const tried = `run ${argv[0] ?? ''} on ${host.target}`;
  setContextLog((line) => stderr.write(`${logLine(line)}\n`));
  using interrupt = interruptible(tried);
  const { signal } = interrupt;
  // Ends what is read here for a command that has ended.
  const over = new AbortController();
  const kept = { stdout: new KeptText(MOST_KEPT), stderr: new KeptText(MOST_KEPT) };
  const isUnread = (): boolean => terminal.isUnread();
  try {
    const ask = stderr.isTTY ? askOnTerminal : undefined;
    await using context = await openTarget(host, { signal, logLevel: levelOf(options), ask }, undefined);
    using _raw = options.tty === true ? rawTerminal(stdin) : undefined;
    const size = { columns: stdout.columns || 80, rows: stdout.rows || 24 };
    const far = options.tty === true ? { ...size, type: env['TERM'] ?? 'xterm', sizes: sizesOf(stdout, over.signal) } : undefined;
    const input = typed(stdin, over.signal);
    const show = async ({ bytes, from }: ExecPiece): Promise<void> => {
      if (options.json === true) kept[from].push(bytes);
      else await written(from === 'stdout' ? stdout : stderr, bytes, isUnread);
    };
    const end = await within(options.timeout, signal, (either) =>
      execThere(ownCaller(context), { argv, input, terminal: far }, either, show),
    );
    over.abort();
    if (options.json === true)
      stdout.write(okLine({ stdout: kept.stdout.end(), stderr: kept.stderr.end(), exitCode: end.exitCode, signal: end.signal }));
    else if (end.problem !== undefined) stderr.write(`${logLine({ context: host.label, text: end.problem })}\n`);
    return exitOf(end);
  } catch (thrown) {
    if (signal.aborted) throw toError(signal.reason);
    if (thrown instanceof ReaderGone) return READER_GONE;
    throw asFailure(toError(thrown), tried);
  } finally {
    over.abort();
  }
}

async function execMany(hosts: readonly Host[], argv: readonly string[], options: ExecCommandOptions, terminal: Terminal): Promise<number> {
  const what = `run ${argv[0] ?? ''}`;
  const failed = new Map<Host, Ran>();
  const screen = new HostsScreen<Ran>(hosts, terminal, options, {
    text: () => '',
    json: (ran) => ran,
    failedJson: (host) => failed.get(host),
    failure: (error, host) => asFailure(error, `${what} on ${host.target}`),
  });
  setContextLog((line) => screen.say(logLine(line)));
  using interrupt = interruptible(what);
  await onHosts<Ran>({
    hosts,
    signal: interrupt.signal,
    concurrency: options.concurrency,
    batch: options.batch,
    stopAfter: options.stopAfter,
    opening: { logLevel: levelOf(options), ask: terminal.stderr.isTTY ? (question, signal) => screen.ask(question, signal) : undefined },
    work: async (context, host, signal) => {
      const lines = {
        stdout: new NamedLines(host.label, (text) => screen.print(text)),
        stderr: new NamedLines(host.label, (text) => screen.say(text.replace(/\n$/, ''))),
      };
      const kept = { stdout: new KeptText(MOST_KEPT), stderr: new KeptText(MOST_KEPT) };
      const take = async ({ bytes, from }: ExecPiece): Promise<void> => {
        kept[from].push(bytes);
        if (options.json === true) return;
        lines[from].push(bytes);
        await drained(terminal.stdout, () => terminal.isUnread());
      };
      const end = await within(options.timeout, signal, (either) => execThere(ownCaller(context), { argv }, either, take));
      lines.stdout.end();
      lines.stderr.end();
      const ran = { stdout: kept.stdout.end(), stderr: kept.stderr.end(), exitCode: end.exitCode, signal: end.signal };
      if (exitOf(end) === 0) return ran;
      failed.set(host, ran);
      throw commandFailure(argv, end, ran.stderr);
    },
    onBegin: (host) => screen.begin(host),
    onEnd: (outcome) => screen.end(outcome),
  });
  return screen.close();
}

/** What a shell shows of a command that SIGPIPE has ended. */
const READER_GONE = 141;

/** Of what a command writes, characters that are kept for --json and for its error. */
const MOST_KEPT = 1024 * 1024;

function exitOf({ exitCode, problem, signal }: ExecEnd): number {
  if (exitCode !== null) return exitCode;
  if (signal !== null) return 128 + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
  return problem?.includes('may not be run') === true ? 126 : 127;
}

function commandFailure([file = '']: readonly string[], { exitCode, problem, signal }: ExecEnd, stderr: string): ResproutError {
  if (problem !== undefined) return new ResproutError('COMMAND_NOT_STARTED', problem, { saw: problem });
  const how = signal === null ? `exit code ${String(exitCode)}` : `signal ${signal}`;
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  return new ResproutError('COMMAND_FAILED', `${file} ended with ${how}`, {
    do: 'Read what it wrote, each line has the name of its target',
    ...(last === '' ? {} : { saw: last.slice(0, 500) }),
  });
}

function asFailure(error: Error, tried: string): ResproutError {
  if (error instanceof ReaderGone) return new ResproutError('COMMAND_STOPPED', 'whoever read standard output has gone', { tried });
  if (!(error instanceof ResproutError)) return new ResproutError('INTERNAL', error.message, { tried }, { cause: error });
  const { code, message, problem } = error;
  return problem.tried === undefined ? new ResproutError(code, message, { ...problem, tried }, { cause: error }) : error;
}

/** Runs it, and ends it after so long. @throws ResproutError COMMAND_TIMEOUT */
async function within(
  timeoutMs: number | undefined,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<ExecEnd>,
): Promise<ExecEnd> {
  if (timeoutMs === undefined) return await run(signal);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    return await run(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (!late.signal.aborted || signal.aborted) throw error;
    throw new ResproutError('COMMAND_TIMEOUT', `the command did not end within ${timeoutMs} ms`, {}, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
