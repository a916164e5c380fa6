import { forkSession, openStore, resolveSessionId } from '../../worker/index.ts';
import { parseJson } from '../arguments/data.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import { okLine } from '../render/values/json.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface ForkCommandOptions extends CommonOptions {
  readonly at: number;
  readonly result?: string | undefined;
}

/** `resprout fork`: a new session that shares the history of another up to an event; stdout has its id. @returns 0 */
export async function fork(text: string, { at, result, store, json, quiet }: ForkCommandOptions, terminal: Terminal): Promise<number> {
  const folder = storeFolder(store, terminal.env, terminal.cwd);
  const from = await resolveSessionId(openStore({ folder, create: false }), text);
  const cure = `Write one JSON value, such as --result '{"ok":true}'`;
  const given = result === undefined ? undefined : { value: parseJson(result, '--result', cure) };
  const { sessionId, events } = await forkSession({ storeFolder: folder, sessionId: from, at, result: given, command: 'resprout fork' });
  terminal.stdout.write(json ? okLine({ sessionId, from, at, events }) : `${sessionId}\n`);
  if (!json && !quiet)
    terminal.stderr.write(`it shares the history of ${from} up to event ${at}; go on with: resprout resume ${sessionId}\n`);
  return 0;
}
