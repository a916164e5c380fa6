import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { PodmanRecipe } from './podman.ts';

/** Options of `podman`. */
export interface PodmanOptions extends OptionsOf<PodmanRecipe> {}

/**
 * Opens a process in a running container of Podman.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function podman(options: PodmanOptions): Promise<Context> {
  return openBy('podman', options);
}
