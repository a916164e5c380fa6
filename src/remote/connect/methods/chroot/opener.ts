import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { ChrootRecipe } from './chroot.ts';

/** Options of `chroot`. */
export interface ChrootOptions extends OptionsOf<ChrootRecipe> {}

/**
 * Opens a process with another root folder. Needs root.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function chroot(options: ChrootOptions): Promise<Context> {
  return openBy('chroot', options);
}
