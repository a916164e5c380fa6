import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ResproutError } from '../../base/errors.ts';
import { connect } from '../../index.ts';
import { askOnTerminal } from '../../remote/connect/ask-terminal.ts';
import { fnRef } from '../../remote/fn-ref.ts';
import { setPlainCalls } from '../../remote/plain-calls.ts';
import { parseJson } from '../data.ts';
import { parseProgram } from '../program-text.ts';
import { okLine } from '../render/json.ts';
import { valueText } from '../run-end.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface CallCommandOptions extends CommonOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** `resprout call`: one exported function on one target. FILE is never imported here: only its text travels. @returns 0 when it answered */
export async function call(
  target: string,
  text: string,
  args: readonly string[],
  options: CallCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { file, exportName = 'default' } = parseProgram(text, terminal.cwd);
  if (!existsSync(file))
    throw new ResproutError('RUN_FILE_MISSING', `There is no file ${file}`, { tried: `resprout call ${target} ${text}` });
  const values = args.map((arg, i) => parseJson(arg, `argument ${i + 1}`));
  setPlainCalls(() => serveFrom(file));
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort(new ResproutError('REMOTE_CALL_ABORTED', 'the call was interrupted by a signal'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    await using context = await connect(target, {
      signal: interrupt.signal,
      logLevel: options.quiet ? 'error' : options.verbose ? 'debug' : 'info',
      ask: terminal.stderr.isTTY ? askOnTerminal : undefined,
    });
    const value: unknown = await context
      .with({ signal: interrupt.signal, timeoutMs: options.timeout })
      .call(fnRef(pathToFileURL(file).href, exportName), ...values);
    terminal.stdout.write(options.json ? okLine(value) : valueText(value));
    return 0;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, onSignal);
  }
}

/** The module server of this file: the command line itself is no program whose functions could be called. */
async function serveFrom(entryFile: string): Promise<Awaited<ReturnType<Parameters<typeof setPlainCalls>[0]>>> {
  const [{ createPlainServe }, { createDisk }] = await Promise.all([import('../../remote/serve/index.ts'), import('../../platform/disk.ts')]);
  const cache = process.env['XDG_CACHE_HOME'] || path.join(process.env['HOME'] ?? '', '.cache');
  return createPlainServe({ disk: createDisk({ sync: false }), entryFile, cacheFolder: path.join(cache, 'resprout', 'builds'), startedMs: Date.now() });
}
