import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { SuRecipe } from './su.ts';

/** Options of `su`. */
export interface SuOptions extends OptionsOf<SuRecipe> {}

/**
 * Opens a process of another user with the password of that user, `root` when none is named.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError REMOTE_AUTH_FAILED, REMOTE_AUTH_NEEDED, and those of `local`
 */
export function su(options: SuOptions = {}): Promise<Context> {
  return openBy('su', options);
}
