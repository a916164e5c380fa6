import { toError } from '../../base/errors/errors.ts';
import { openStore, retainSessions } from '../../worker/index.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { sessionsText } from '../sessions/removed-text.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** What run and resume are told of it. */
export interface KeepOptions extends CommonOptions {
  readonly keep?: boolean | undefined;
}

/** After a run has been shown: ended sessions that the settings do not keep go. That it fails is no failure of the run. */
export async function retain(folder: string, options: KeepOptions, terminal: Terminal): Promise<void> {
  if (options.keep === true) return;
  const say = (text: string): void => {
    if (options.verbose === true && options.quiet !== true) terminal.stderr.write(`${text}\n`);
  };
  try {
    const removed = await retainSessions(openStore({ folder, create: false }), 'resprout run');
    if (removed > 0) say(`${sessionsText(removed)} that had ended long ago removed; resprout.config.json says how many stay`);
  } catch (thrown) {
    say(`no ended session was removed: ${safeLine(toError(thrown).message)}`);
  }
}
