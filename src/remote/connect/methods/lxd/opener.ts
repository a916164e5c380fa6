import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { LxdRecipe } from './lxd.ts';

/** Options of `lxd`. */
export interface LxdOptions extends OptionsOf<LxdRecipe> {}

/**
 * Opens a process in a running instance of LXD.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function lxd(options: LxdOptions): Promise<Context> {
  return openBy('lxd', options);
}
