import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { LxcRecipe } from './lxc.ts';

/** Options of `lxc`. */
export interface LxcOptions extends OptionsOf<LxcRecipe> {}

/**
 * Opens a process in a running container of LXC.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function lxc(options: LxcOptions): Promise<Context> {
  return openBy('lxc', options);
}
