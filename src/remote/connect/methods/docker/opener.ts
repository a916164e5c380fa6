import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { DockerRecipe } from './docker.ts';

/** Options of `docker`. */
export interface DockerOptions extends OptionsOf<DockerRecipe> {}

/**
 * Opens a process in a running container of Docker.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function docker(options: DockerOptions): Promise<Context> {
  return openBy('docker', options);
}
