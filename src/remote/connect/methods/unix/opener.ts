import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { UnixRecipe } from './unix.ts';

/** Options of `unix`. */
export interface UnixOptions extends OptionsOf<UnixRecipe> {}

/**
 * Opens a process that the listener at `path` starts (`unixListener`), as its user and where it is: in a container that shares the socket, or
 * with rights that this program does not have.
 * On the machine of `via`, else on this one.
 * @throws ResproutError as `local`; REMOTE_PUSH_FAILED, REMOTE_PUSH_IMPOSSIBLE with `pushNode`
 */
export function unix(options: UnixOptions): Promise<Context> {
  return openBy('unix', options);
}
