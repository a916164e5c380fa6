import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ResproutError, isResproutError, toError } from '../../base/errors/errors.ts';
import { connect } from '../../index.ts';
import { askOnTerminal } from '../../remote/connect/questions/ask-terminal.ts';
import { setContextLog } from '../../remote/hosts/current-host.ts';
import { fnRef } from '../../remote/calls/fn-ref.ts';
import { setPlainCalls } from '../../remote/calls/plain-calls.ts';
import { errorInProject } from '../sessions/absolute-place.ts';
import { parseJson } from '../arguments/data.ts';
import { parseProgram } from '../arguments/program-text.ts';
import { okLine } from '../render/values/json.ts';
import { logLine } from '../render/log-line.ts';
import { problemOf } from '../render/errors/problem.ts';
import { valueText } from '../render/values/value-text.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface CallCommandOptions extends CommonOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `resprout call`: one exported function on one target. FILE is never imported here: only its text travels. @returns 0 when it answered */
export async function call(
  target: string,
  text: string,
  args: readonly string[],
  options: CallCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { file, exportName = 'default' } = parseProgram(text, terminal.cwd);
  const what = `call ${exportName} of ${path.relative(terminal.cwd, file)} on ${target}`;
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    throw new ResproutError('RUN_FILE_MISSING', `${file} does not exist`, { tried: what, saw: 'no such file', kept: 'Nothing ran' });
  }
  const { hideEnv } = await import('../sessions/hide-secrets.ts');
  hideEnv(terminal.env, { file });
  const values = args.map((arg, i) => parseJson(arg, `argument ${i + 1}`, `Write it as JSON; a text is '"${plainWord(arg)}"'`));
  setPlainCalls(() => serveFrom(file));
  setContextLog((line) => terminal.stderr.write(`${logLine(line)}\n`));
  const interrupt = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    // The next one ends the process as if nobody had listened: its contexts go with it.
    for (const name of SIGNALS) process.off(name, onSignal);
    interrupt.abort(new ResproutError('REMOTE_CALL_ABORTED', `the call was interrupted by ${signal}`, { tried: what }));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    await using context = await connect(target, {
      signal: interrupt.signal,
      logLevel: options.quiet ? 'error' : options.verbose ? 'debug' : 'info',
      ask: terminal.stderr.isTTY ? askOnTerminal : undefined,
    });
    const value: unknown = await context
      .with({ signal: interrupt.signal, timeoutMs: options.timeout })
      .call(fnRef(pathToFileURL(file).href, exportName), ...values);
    terminal.stdout.write(options.json ? okLine(value) : valueText(value, terminal.stdout.isTTY));
    return 0;
  } catch (thrown) {
    if (interrupt.signal.aborted) throw toError(interrupt.signal.reason);
    throw errorInProject(asProblem(toError(thrown), what), file);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
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

/** An argument that is a word, as a suggestion to copy; anything else is not repeated. */
function plainWord(arg: string): string {
  return /^[\w.-]{1,40}$/.test(arg) ? arg : 'text';
}

/** The module server of this file: the command line itself is no program whose functions could be called. */
async function serveFrom(entryFile: string): Promise<Awaited<ReturnType<Parameters<typeof setPlainCalls>[0]>>> {
  const [{ createPlainServe }, { createDisk }, { programFacts }] = await Promise.all([
    import('../../remote/serve/index.ts'),
    import('../../platform/disk/disk.ts'),
    import('../../platform/process/program-facts.ts'),
  ]);
  const { cacheFolder, startedMs } = programFacts();
  const builds = cacheFolder === undefined ? undefined : path.join(cacheFolder, 'builds');
  return createPlainServe({ disk: createDisk({ sync: false }), entryFile, cacheFolder: builds, startedMs });
}
