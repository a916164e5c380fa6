import type { ConnectionMethod, Dialled } from './method.ts';
import type { LocalRecipe } from './recipe.ts';

/** A child process of ours: no shell, no probe, the protocol on a duplex descriptor 3. */
export const localMethod: ConnectionMethod<LocalRecipe> = {
  name: 'local',
  farStdio: 'duplex',
  describe: (recipe) => `local ${recipe.name}`,
  open(): Promise<Dialled> {
    return Promise.reject(new Error('being written'));
  },
};
