import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { MachinectlRecipe } from './machinectl.ts';

/** Options of `machinectl`. */
export interface MachinectlOptions extends OptionsOf<MachinectlRecipe> {}

/**
 * Opens a process in a running machine of systemd.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function machinectl(options: MachinectlOptions): Promise<Context> {
  return openBy('machinectl', options);
}
