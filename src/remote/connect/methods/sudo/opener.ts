import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { SudoRecipe } from './sudo.ts';

/** Options of `sudo`. */
export interface SudoOptions extends OptionsOf<SudoRecipe> {}

/**
 * Opens a process of another user of the machine, `root` when none is named. Passwords and codes are asked for by `ask`, else at the terminal of the command line.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError REMOTE_AUTH_FAILED, REMOTE_AUTH_NEEDED, and those of `local`
 */
export function sudo(options: SudoOptions = {}): Promise<Context> {
  return openBy('sudo', options);
}
