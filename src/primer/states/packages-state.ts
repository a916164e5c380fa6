// State `packages`: node_modules exactly as the lockfile says.
// 1. They are installed into a folder beside and come in by rename: the old ones work until the new ones are complete.
// 2. The stamp lies inside node_modules and is written before the rename, so it is there exactly when the tree is complete.
// 3. No script of any package runs. The lockfile is checked before npm starts.
import fs from 'node:fs';
import path from 'node:path';
import type { PrimeContext } from '../context.ts';
import { bytesBelow, lstat, namesIn, readText, removeTree, writeAtomic } from '../files.ts';
import { packagesKey } from './fingerprint.ts';
import { defineState, type Look, type State } from './graph.ts';
import { makePrivate, npmCache } from '../cache/cache.ts';
import { checkLockfile } from './lockfile-check.ts';
import { settingsArguments } from '../machine/machine-npm.ts';
import { nodeState } from './node-state.ts';
import { npmState, type PinnedNpm } from './npm-state.ts';
import { retryArguments } from '../cache/package-cache.ts';
import { PrimeError } from '../problem.ts';
import { megabytes, type Step } from '../screen/progress.ts';
import { npmComplaint } from '../processes/tool.ts';

const INSTALL_MS = 30 * 60_000;
const STAMP = '.prime-stamp';
const LOCKFILE = 'package-lock.json';
const COPIED = ['package.json', LOCKFILE, '.npmrc'];

function look(context: PrimeContext): Look {
  const modules = path.join(context.config.root, 'node_modules');
  const stamp = readText(path.join(modules, STAMP));
  if (stamp === `${packagesKey(context)}\n`) return { fresh: true, why: 'installed as the lockfile says' };
  if (lstat(modules) === undefined) return { fresh: false, why: 'there is no node_modules' };
  return {
    fresh: false,
    why: stamp === undefined ? 'node_modules was not installed by the primer' : 'lockfile, configuration, Node or kernel changed',
  };
}

/** Left over by runs that were killed. Only the owner of the folder may remove it. */
function sweep(context: PrimeContext): void {
  for (const name of namesIn(context.stateFolder))
    if (name === 'staging' || name.startsWith('old-') || (name.endsWith('.tmp') && !name.includes('.lock.')))
      removeTree(path.join(context.stateFolder, name));
}

async function install(context: PrimeContext, npm: PinnedNpm, node: string, step: Step): Promise<void> {
  const { root } = context.config;
  const key = packagesKey(context);
  const lockfile = path.join(root, LOCKFILE);
  const text = readText(lockfile);
  if (text === undefined)
    throw new PrimeError('PRIME_CONFIG_INVALID', `${LOCKFILE} is missing in ${root}`, { do: 'Restore it from version control' });
  const count = checkLockfile(lockfile, text);
  sweep(context);
  const staging = path.join(context.stateFolder, 'staging');
  fs.mkdirSync(staging);
  for (const name of COPIED) {
    const file = path.join(root, name);
    if (lstat(file) !== undefined) fs.copyFileSync(file, path.join(staging, name));
  }
  const cache = npmCache(context.cache);
  makePrivate(cache);
  const contents = path.join(cache, '_cacache', 'content-v2');
  const before = bytesBelow(contents);
  const fetched = (): number => Math.max(0, bytesBelow(contents) - before);
  step.now(`installing ${count} entries of the lockfile`, fetched);
  const run = await context.tool({
    file: node,
    args: [
      npm.cli,
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--loglevel=warn',
      `--cache=${cache}`,
      context.options.offline ? '--offline' : '--prefer-offline',
      ...retryArguments,
      ...settingsArguments(npm),
    ],
    cwd: staging,
    deadlineMs: INSTALL_MS,
  });
  if (run.code !== 0)
    throw installFailed(context, run.timedOut ? `no end within ${INSTALL_MS / 60_000} min` : npmComplaint(run.output), run.code);
  const modules = path.join(root, 'node_modules');
  const fresh = path.join(staging, 'node_modules');
  fs.mkdirSync(fresh, { recursive: true });
  writeAtomic(path.join(fresh, STAMP), `${key}\n`);
  if (lstat(modules) !== undefined) fs.renameSync(modules, path.join(context.stateFolder, `old-${process.pid}`));
  fs.renameSync(fresh, modules);
  step.now('removing what is no longer needed');
  sweep(context);
  const bytes = fetched();
  step.done(`${count} entries of the lockfile, ${bytes === 0 ? 'all from the cache' : `${megabytes(bytes)} fetched`}`);
}

function installFailed(context: PrimeContext, saw: string, code: number): PrimeError {
  const missing = context.options.offline && /ENOTCACHED/.test(saw);
  return new PrimeError(missing ? 'PRIME_OFFLINE' : 'PRIME_INSTALL_FAILED', missing ? 'a package is not in the cache' : 'npm ci failed', {
    tried: `npm ci --ignore-scripts${context.options.offline ? ' --offline' : ''} with npm ${context.config.npm.version}, from ${LOCKFILE}`,
    saw: saw === '' ? `exit code ${code} and no output` : saw,
    kept: 'node_modules is as it was before',
    do: missing ? 'Run once without --offline; every clone of this user shares the cache' : 'Mend what npm says above, then run it again',
  });
}

/** The state. Its value is the key of what is installed. */
export const packagesState: State<'packages', readonly [typeof nodeState, typeof npmState], string> = defineState({
  name: 'packages',
  does: 'node_modules exactly as package-lock.json says, no install scripts run',
  parents: [nodeState, npmState],
  look,
  async reach(context, parents): Promise<string> {
    const node = await parents.node();
    if (look(context).fresh) return packagesKey(context);
    await context.own();
    // Whoever held the folder meanwhile may have done it.
    if (look(context).fresh) return packagesKey(context);
    const npm = await parents.npm();
    const step = context.progress.step('packages');
    try {
      await install(context, npm, node, step);
    } catch (error) {
      step.failed();
      throw error;
    }
    return packagesKey(context);
  },
});
