import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { BuildahRecipe } from './buildah.ts';

/** Options of `buildah`. */
export interface BuildahOptions extends OptionsOf<BuildahRecipe> {}

/**
 * Opens a process in a working container of Buildah.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function buildah(options: BuildahOptions): Promise<Context> {
  return openBy('buildah', options);
}
