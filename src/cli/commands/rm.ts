import { openStore, removeBuilds, removeSession, resolveSessionId } from '../../worker/index.ts';
import { okLine } from '../render/values/json.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import { buildsText } from '../sessions/removed-text.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** `resprout rm`: removes sessions, in the order in which they are named; the first one that cannot be removed ends it. @returns 0 */
export async function rm(texts: readonly string[], options: CommonOptions, terminal: Terminal): Promise<number> {
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  // All are found before the first one goes: `last` is another one then.
  const ids = new Set(await Promise.all(texts.map((text) => resolveSessionId(store, text))));
  for (const id of ids) {
    await removeSession(store, id, `resprout rm ${id}`);
    if (!options.json && !options.quiet) terminal.stderr.write(`${id} is removed\n`);
  }
  const builds = await removeBuilds(store);
  if (options.json) terminal.stdout.write(okLine({ removed: [...ids], builds }));
  else if (!options.quiet && builds > 0) terminal.stderr.write(`${buildsText(builds)} that no session needs any more\n`);
  return 0;
}
