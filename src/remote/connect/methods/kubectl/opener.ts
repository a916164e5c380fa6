import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { KubectlRecipe } from './kubectl.ts';

/** Options of `kubectl`. */
export interface KubectlOptions extends OptionsOf<KubectlRecipe> {}

/**
 * Opens a process in a running pod of Kubernetes.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function kubectl(options: KubectlOptions): Promise<Context> {
  return openBy('kubectl', options);
}
