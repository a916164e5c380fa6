// States of this repository beside those of the kernel: `./prime --target testPackages` and so on. `./prime graph` shows them.
import { gitHooks, packages, shell } from './src/states.ts';

/** Nodes, loaders, test runners and packages that tests run programs on: each with a lockfile of its own, none of it in the published package. */
const testPackages = packages({
  name: 'testPackages',
  groups: ['nodes', 'loaders', 'packages', 'testers'].map((name) => ({ folder: `test/${name}` })),
});

/** For who commits: the format is looked at before. Nothing else reaches it, so that clones which only run are left alone. */
const hooks = gitHooks({ name: 'hooks' });

export const states = [testPackages, hooks, shell()];
