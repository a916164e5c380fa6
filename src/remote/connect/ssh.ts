import type { ConnectionMethod, Dialled } from './method.ts';
import type { SshRecipe } from './recipe.ts';

/** The system's ssh, with its configuration, agents and jump hosts. */
export const sshMethod: ConnectionMethod<SshRecipe> = {
  name: 'ssh',
  farStdio: 'split',
  describe: (recipe) =>
    `ssh ${recipe.user === undefined ? '' : `${recipe.user}@`}${recipe.host}${recipe.port === undefined ? '' : `:${recipe.port}`}`,
  open(): Promise<Dialled> {
    return Promise.reject(new Error('being written'));
  },
};
