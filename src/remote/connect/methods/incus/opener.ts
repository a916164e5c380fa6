import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { IncusRecipe } from './incus.ts';

/** Options of `incus`. */
export interface IncusOptions extends OptionsOf<IncusRecipe> {}

/**
 * Opens a process in a running instance of Incus.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function incus(options: IncusOptions): Promise<Context> {
  return openBy('incus', options);
}
