import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { JailRecipe } from './jail.ts';

/** Options of `jail`. */
export interface JailOptions extends OptionsOf<JailRecipe> {}

/**
 * Opens a process in a running jail of FreeBSD.
 * On the machine of `via`, else on this one. What is entered needs `sh`, and Node 22.18 or newer or `pushNode`.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function jail(options: JailOptions): Promise<Context> {
  return openBy('jail', options);
}
