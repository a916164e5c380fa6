import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { DoasRecipe } from './doas.ts';

/** Options of `doas`. */
export interface DoasOptions extends OptionsOf<DoasRecipe> {}

/**
 * Opens a process of another user, `root` when none is named. Where doas asks for a password, `perl` or `python3` must be there to give it a terminal; Linux only.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError REMOTE_AUTH_FAILED, REMOTE_AUTH_NEEDED, and those of `local`
 */
export function doas(options: DoasOptions = {}): Promise<Context> {
  return openBy('doas', options);
}
