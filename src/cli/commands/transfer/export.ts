import path from 'node:path';
import { ResproutError } from '../../../base/errors/errors.ts';
import { exportSession, openStore, resolveSessionId } from '../../../worker/index.ts';
import { storeFolder } from '../../arguments/store-folder.ts';
import { okLine } from '../../render/values/json.ts';
import { shortPath } from '../../render/text/short-path.ts';
import type { CommonOptions, Terminal } from '../../terminal.ts';
import { WholeFile } from './whole-file.ts';

export interface ExportCommandOptions extends CommonOptions {
  /** Path of the file; `-` or nothing is stdout. */
  readonly out?: string | undefined;
}

/** `resprout export`: a session as lines of JSON. @returns 0, also when the reader of stdout went away */
export async function exportCommand(text: string, options: ExportCommandOptions, terminal: Terminal): Promise<number> {
  const { out, store, json, quiet } = options;
  const isToFile = out !== undefined && out !== '-';
  if (json === true && !isToFile)
    throw new ResproutError('USAGE', 'with --json stdout has one value, so that the session needs a file', {
      do: 'resprout export SESSION --out FILE --json',
    });
  const folder = storeFolder(store, terminal.env, terminal.cwd);
  const sessionId = await resolveSessionId(openStore({ folder, create: false }), text);
  if (!isToFile) {
    await toStdout(folder, sessionId, terminal);
    return 0;
  }
  const file = path.resolve(terminal.cwd, out);
  await using target = WholeFile.open(file);
  const result = await exportSession({ storeFolder: folder, sessionId, write: (line) => target.write(line) });
  target.keep();
  if (json) terminal.stdout.write(okLine({ ...result, file }));
  else if (!quiet) {
    const how = result.ended ?? 'not ended';
    terminal.stderr.write(`${sessionId}: ${result.events} events, ${how}, in ${shortPath(file, terminal.cwd)} (${result.bytes} bytes)\n`);
  }
  return 0;
}

/** Nobody reads any more: the export is given up, and that is no error. */
const UNREAD = Symbol('unread');

async function toStdout(folder: string, sessionId: string, { stdout, isUnread }: Terminal): Promise<void> {
  const write = async (line: Uint8Array): Promise<void> => {
    if (isUnread()) throw UNREAD;
    if (stdout.write(line)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const name of ['drain', 'close', 'error']) stdout.off(name, done);
        resolve();
      };
      for (const name of ['drain', 'close', 'error']) stdout.on(name, done);
    });
  };
  await exportSession({ storeFolder: folder, sessionId, write }).catch((error: unknown) => {
    if (error !== UNREAD) throw error;
  });
}
