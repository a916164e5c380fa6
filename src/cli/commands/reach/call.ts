import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ResproutError, isResproutError, toError } from '../../../base/errors/errors.ts';
import { openTarget } from '../../../remote/contexts/open.ts';
import { askOnTerminal } from '../../../remote/connect/questions/ask-terminal.ts';
import { setContextLog } from '../../../remote/hosts/current-host.ts';
import { fnRef } from '../../../remote/calls/fn-ref.ts';
import { setPlainCalls } from '../../../remote/calls/plain-calls.ts';
import { jsonOf } from '../../../platform/values/json-value.ts';
import { errorInProject } from '../../sessions/absolute-place.ts';
import { parseProgram } from '../../arguments/program-text.ts';
import { HELP } from '../../arguments/help-texts.ts';
import { chooseTargets, type Host } from '../../hosts/choose-targets.ts';
import { HostsScreen } from '../../hosts/hosts-screen.ts';
import { readArguments } from '../../hosts/host-vars.ts';
import { interruptible } from '../../hosts/interrupt.ts';
import { onHosts } from '../../hosts/on-hosts.ts';
import type { HostsOptions } from '../../hosts/hosts-options.ts';
import { isOneTarget, missingWord, targetWords } from '../../hosts/target-words.ts';
import { okLine } from '../../render/values/json.ts';
import { logLine } from '../../render/log-line.ts';
import { problemOf } from '../../render/errors/problem.ts';
import { valueText } from '../../render/values/value-text.ts';
import type { CommonOptions, Terminal } from '../../terminal.ts';

export interface CallCommandOptions extends CommonOptions, HostsOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** One function, for whatever hosts it is called on. */
interface Called {
  readonly fn: ReturnType<typeof fnRef>;
  readonly file: string;
  /** For messages: what is called, without the target. */
  readonly what: string;
  readonly argsOf: (host: Host) => readonly unknown[];
}

/**
 * `resprout call`: one exported function on one target, or on many. FILE is never imported here: only its text travels.
 * @param words targets, FILE[:FUNCTION], arguments @returns 0 when all of them answered, else the highest exit code
 */
export async function call(words: readonly string[], options: CallCommandOptions, terminal: Terminal): Promise<number> {
  const { targets, rest } = targetWords(words);
  const [text, ...args] = rest;
  if (text === undefined) missingWord('FILE[:FUNCTION]', targets, `resprout call ${HELP.call.form}`);
  const { file, exportName = 'default' } = parseProgram(text, terminal.cwd);
  const what = `call ${exportName} of ${path.relative(terminal.cwd, file)}`;
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    const tried = `${what} on ${targets.join(' ')}`;
    throw new ResproutError('RUN_FILE_MISSING', `${file} does not exist`, { tried, saw: 'no such file', kept: 'Nothing ran' });
  }
  const { hideEnv } = await import('../../sessions/hide-secrets.ts');
  hideEnv(terminal.env, { file });
  const hosts = await chooseTargets(targets, options.limit);
  const called = { fn: fnRef(pathToFileURL(file).href, exportName), file, what, argsOf: readArguments(args, hosts) };
  setPlainCalls(() => serveFrom(file));
  const [first] = hosts;
  return first !== undefined && isOneTarget(targets)
    ? await callOne(first, called, options, terminal)
    : await callMany(hosts, called, options, terminal);
}

const levelOf = ({ quiet, verbose }: CommonOptions): 'error' | 'debug' | 'info' => (quiet ? 'error' : verbose ? 'debug' : 'info');

async function callOne(host: Host, { fn, file, what, argsOf }: Called, options: CallCommandOptions, terminal: Terminal): Promise<number> {
  const tried = `${what} on ${host.target}`;
  setContextLog((line) => terminal.stderr.write(`${logLine(line)}\n`));
  using interrupt = interruptible(tried);
  const { signal } = interrupt;
  try {
    const ask = terminal.stderr.isTTY ? askOnTerminal : undefined;
    await using context = await openTarget(host, { signal, logLevel: levelOf(options), ask }, undefined);
    const value: unknown = await context.with({ signal, timeoutMs: options.timeout }).call(fn, ...argsOf(host));
    terminal.stdout.write(options.json ? okLine(value) : valueText(value, terminal.stdout.isTTY));
    return 0;
  } catch (thrown) {
    if (signal.aborted) throw toError(signal.reason);
    throw errorInProject(asProblem(toError(thrown), tried), file);
  }
}

async function callMany(
  hosts: readonly Host[],
  { fn, file, what, argsOf }: Called,
  options: CallCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const screen = new HostsScreen<unknown>(hosts, terminal, options, {
    text: (value) =>
      valueText(typeof value === 'string' || value === undefined ? value : JSON.stringify(jsonOf(value)), terminal.stdout.isTTY),
    json: (value) => value,
    failure: (error, host) => errorInProject(asProblem(error, `${what} on ${host.target}`), file),
  });
  setContextLog((line) => screen.say(logLine(line)));
  using interrupt = interruptible(what);
  await onHosts({
    hosts,
    signal: interrupt.signal,
    concurrency: options.concurrency,
    batch: options.batch,
    stopAfter: options.stopAfter,
    opening: { logLevel: levelOf(options), ask: terminal.stderr.isTTY ? (question, signal) => screen.ask(question, signal) : undefined },
    work: (context, host, signal) => context.with({ signal, timeoutMs: options.timeout }).call(fn, ...argsOf(host)),
    onBegin: (host) => screen.begin(host),
    onEnd: (outcome) => screen.end(outcome),
  });
  return screen.close();
}

/** What the function threw is its own failure; our errors get what was called. */
function asProblem(error: Error, what: string): ResproutError {
  if (!isResproutError(error) || error.far !== undefined) {
    const { at, code, far, message, saw } = problemOf(error);
    const seen = far === undefined ? saw : [`thrown by ${far}`, ...(saw === undefined ? [] : [saw])].join('\n');
    return new ResproutError(code, message, { at, tried: what, saw: seen, do: AFTER_THROW }, { cause: error });
  }
  const { code, message, problem } = error;
  return problem.tried === undefined ? new ResproutError(code, message, { ...problem, tried: what }, { cause: error }) : error;
}

const AFTER_THROW = 'Read the error; --verbose shows its stack';

/** The module server of this file: the command line itself is no program whose functions could be called. */
async function serveFrom(entryFile: string): Promise<Awaited<ReturnType<Parameters<typeof setPlainCalls>[0]>>> {
  const [{ createPlainServe }, { createDisk }, { programFacts }] = await Promise.all([
    import('../../../remote/serve/index.ts'),
    import('../../../platform/disk/disk.ts'),
    import('../../../platform/process/program-facts.ts'),
  ]);
  const { cacheFolder, startedMs } = programFacts();
  const builds = cacheFolder === undefined ? undefined : path.join(cacheFolder, 'builds');
  return createPlainServe({ disk: createDisk({ sync: false }), entryFile, cacheFolder: builds, startedMs });
}
