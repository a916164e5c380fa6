import { isResproutError, ResproutError } from '../../../base/errors/errors.ts';
import { listSessions, openStore, resolveSessionId, sessionInfo, type Store } from '../../../worker/index.ts';
import { storeFolder } from '../../arguments/store-folder.ts';
import { seenJson, seenText, type SeenSession } from '../../hosts/seen-sessions.ts';
import { watchSessions } from '../../hosts/watch-sessions.ts';
import { okLine } from '../../render/values/json.ts';
import { programName } from '../../render/values/program-name.ts';
import { hideSecretsOf } from '../../sessions/hide-secrets.ts';
import type { CommonOptions, Terminal } from '../../terminal.ts';

export interface TreeCommandOptions extends CommonOptions {
  readonly watch?: boolean | undefined;
}

/** `resprout tree`: the contexts of the sessions that run, as their own processes tell. @param text default: all that run. @returns 0 */
export async function tree(text: string | undefined, options: TreeCommandOptions, terminal: Terminal): Promise<number> {
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  const asked = text === undefined ? undefined : await resolveSessionId(store, text);
  if (options.watch === true) return await watchSessions(() => look(store, asked, terminal, true), asked, options, terminal);
  const seen = await look(store, asked, terminal, false);
  const { outStyle, stdout } = terminal;
  stdout.write(options.json === true ? okLine(seenJson(seen)) : seenText(seen, asked, outStyle));
  return 0;
}

/** Asks the sessions. @param bearsSilence one that does not answer is seen as such; else it is the error of the command */
async function look(store: Store, asked: string | undefined, { cwd }: Terminal, bearsSilence: boolean): Promise<readonly SeenSession[]> {
  const ids = asked === undefined ? (await listSessions(store, { states: ['running'] })).map(({ sessionId }) => sessionId) : [asked];
  const seen: SeenSession[] = [];
  for (const sessionId of ids) {
    const tree = await store.sessions.tree(sessionId).catch((error: unknown) => {
      if (bearsSilence && isResproutError(error) && error.code === 'SESSION_HELD') return error;
      throw error;
    });
    if (tree === undefined) continue;
    await hideSecretsOf(store, sessionId);
    const program = programName(await sessionInfo(store, sessionId), cwd);
    seen.push(tree instanceof ResproutError ? { sessionId, program, silent: tree } : { sessionId, program, tree });
  }
  return seen;
}
