import type { Context } from '../../../contexts/context.ts';
import { openBy } from '../../../contexts/open.ts';
import type { OptionsOf } from '../../../contexts/options.ts';
import type { SshRecipe } from './ssh.ts';

/** Options of `ssh`. Everything that is absent comes from the user's `~/.ssh/config`. */
export interface SshOptions extends OptionsOf<SshRecipe> {}

/**
 * Opens a process on another host, through the system's ssh with the user's configuration, agents and jump hosts.
 * @throws ResproutError REMOTE_AUTH_FAILED, REMOTE_AUTH_NEEDED, REMOTE_HOST_KEY_UNKNOWN, REMOTE_HOST_KEY_CHANGED, and those of `local`
 */
export function ssh(options: SshOptions): Promise<Context> {
  return openBy('ssh', options);
}
