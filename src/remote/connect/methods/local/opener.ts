import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { LocalRecipe } from './local.ts';

/** Options of `local`. */
export interface LocalOptions extends OptionsOf<LocalRecipe> {}

/**
 * Opens another process on this machine, or on that of `via`.
 * @throws ResproutError REMOTE_CONNECT_FAILED, REMOTE_CONNECT_TIMEOUT, REMOTE_NODE_TOO_OLD, REMOTE_NODE_MISSING, REMOTE_TARGET_INVALID
 */
export function local(options: LocalOptions = {}): Promise<Context> {
  return openBy('local', options);
}
