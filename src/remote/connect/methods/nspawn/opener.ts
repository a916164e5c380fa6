import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { NspawnRecipe } from './nspawn.ts';

/** Options of `nspawn`. */
export interface NspawnOptions extends OptionsOf<NspawnRecipe> {}

/**
 * Starts a container over a folder and opens its one process; it ends with the context. Needs root.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function nspawn(options: NspawnOptions): Promise<Context> {
  return openBy('nspawn', options);
}
