import { createReadStream } from 'node:fs';
import path from 'node:path';
import { ResproutError } from '../../../base/errors/errors.ts';
import { importSession } from '../../../worker/index.ts';
import { storeFolder } from '../../arguments/store-folder.ts';
import { okLine } from '../../render/values/json.ts';
import type { CommonOptions, Terminal } from '../../terminal.ts';

/** `resprout import`: takes in what export has written; stdout has the id of the session. @param given default: standard input. @returns 0 */
export async function importCommand(given: string | undefined, options: CommonOptions, terminal: Terminal): Promise<number> {
  const { store, json, quiet } = options;
  const { stdin, cwd, env, stdout, stderr } = terminal;
  const isStdin = given === undefined || given === '-';
  if (given === undefined && stdin.isTTY)
    throw new ResproutError('USAGE', 'standard input is the terminal, and no file is named', {
      do: 'resprout import FILE     (resprout import - reads the terminal)',
    });
  const input: AsyncIterable<Uint8Array> = isStdin ? stdin : createReadStream(path.resolve(cwd, given));
  const folder = storeFolder(store, env, cwd);
  const { sessionId, events, ended, builds, isNew } = await importSession({ storeFolder: folder, input, command: 'resprout import' });
  stdout.write(json ? okLine({ sessionId, events, ended, builds: builds.length, isNew }) : `${sessionId}\n`);
  if (json || quiet) return 0;
  if (!isNew) stderr.write(`the store has it already, with the same ${events} events\n`);
  else if (ended !== null) stderr.write(`${events} events, ${ended}; resprout show ${sessionId}\n`);
  else stderr.write(`${events} events, not ended; go on with: resprout resume ${sessionId}\n`);
  return 0;
}
