// State `packages`: node_modules of the root exactly as its lockfile says.
import path from 'node:path';
import { lstat } from '../files.ts';
import { forgetKeys, packagesKey, rememberKey } from './fingerprint.ts';
import { defineState, type State } from './graph.ts';
import { installPackages, lookAtPackages, noLockfile } from '../packages/install-packages.ts';
import { LOCKFILES, managerOf } from '../packages/manager.ts';
import { nodeState } from './node-state.ts';
import { npmState } from './npm-state.ts';

/** The state. Its value is the key of what is installed. */
export const packagesState: State<'packages', readonly [typeof nodeState, typeof npmState], string> = defineState({
  name: 'packages',
  does: 'node_modules exactly as the lockfile says, no install scripts run',
  parents: [nodeState, npmState],
  look: (context) => lookAtPackages(context, ''),
  async reach(context, parents): Promise<string> {
    await parents.node();
    forgetKeys(context);
    if (lookAtPackages(context, '').fresh) {
      rememberKey(context);
      return packagesKey(context);
    }
    await context.own();
    // Whoever held the folder meanwhile may have done it, for other files than those that were read.
    forgetKeys(context);
    if (lookAtPackages(context, '').fresh) return packagesKey(context);
    // Said before an npm is looked for, or fetched.
    if (lstat(path.join(context.config.root, LOCKFILES[managerOf(context.config.root)])) === undefined)
      throw noLockfile(context.config.root);
    const npm = managerOf(context.config.root) === 'npm' ? await parents.npm() : undefined;
    const step = context.progress.step('packages');
    try {
      await installPackages(context, { place: '', npm, env: {}, step });
    } catch (error) {
      step.failed();
      throw error;
    }
    return packagesKey(context);
  },
});
