// `./prime update`: a newer kernel from the registry. Only a whole one that runs here, never an older one, never over an edited one; each file by rename.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { unpack } from '../cache/tar.ts';
import type { PrimeContext } from '../context.ts';
import { makeFolder, readText, removeTree } from '../files.ts';
import { compareVersions } from '../machine/version-range.ts';
import { cleanEnv } from '../processes/clean-env.ts';
import { WRITE_MODE } from '../processes/modes.ts';
import { PrimeError } from '../problem.ts';
import { ownKernel } from './init.ts';
import { readKernel } from './kernel-file.ts';
import { fetchPackage, npmToAsk } from './registry.ts';
import { KERNEL_NAME } from './write-files.ts';

const PACKAGE = 'resprout';
const RUN_MS = 60_000;

/** What came of it. */
export interface Updated {
  readonly from: string;
  readonly to: string;
  readonly written: readonly string[];
}

const refuse = (message: string, more: { readonly at?: string; readonly saw?: string; readonly do: string }): never => {
  throw new PrimeError('PRIME_UPDATE', message, { kept: 'The kernel is as it was', ...more });
};

/** The kernel of a release, unpacked into a folder. */
async function fetchKernel(context: PrimeContext, version: string, folder: string): Promise<string> {
  const tgz = await fetchPackage(context, npmToAsk(context), `${PACKAGE}@${version}`, folder);
  if (tgz === undefined) return refuse(`the registry has no ${PACKAGE}@${version}`, { do: 'Name another version: ./prime update VERSION' });
  const unpacked = path.join(folder, 'unpacked');
  makeFolder(unpacked);
  await unpack(tgz, unpacked, (file) => file === KERNEL_NAME);
  const file = path.join(unpacked, KERNEL_NAME);
  return fs.existsSync(file)
    ? file
    : refuse(`${PACKAGE}@${version} has no ${KERNEL_NAME}`, { do: 'Name another version: ./prime update VERSION' });
}

/** Lets the new kernel write its own files. It runs here, or nothing was changed. */
function letItWrite(file: string, root: string): string[] {
  const ran = spawnSync(process.execPath, [file, WRITE_MODE, root], {
    cwd: root,
    env: cleanEnv(process.env),
    encoding: 'utf8',
    timeout: RUN_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (ran.status !== 0)
    return refuse('the new kernel does not run here', {
      saw: ran.stderr.trim() || `exit code ${ran.status ?? ran.signal ?? '?'}`,
      do: 'Keep the old one, and report what it says',
    });
  return ran.stdout.split('\n').filter((line) => line !== '');
}

/** Renews the kernel. @param wanted a version, or `latest`. @throws PrimeError PRIME_UPDATE, PRIME_REGISTRY, PRIME_NO_NPM, PRIME_OFFLINE */
export async function updateKernel(context: PrimeContext, wanted: string): Promise<Updated> {
  const { kernelFolder: root, updates } = context.config;
  if (!updates) refuse('this repository turns updates off', { at: path.join(root, 'prime.config.json'), do: 'Remove "update": false' });
  if (wanted !== 'latest' && !/^\d+\.\d+\.\d+$/.test(wanted))
    throw new PrimeError('PRIME_USAGE', `«${wanted}» is no version`, { do: './prime update, or ./prime update 1.2.3' });
  const { kernel: own } = ownKernel(context.kernel);
  await context.own();
  const folder = path.join(context.stateFolder, 'staging-update');
  const step = context.progress.step('update');
  try {
    step.now(`fetching ${PACKAGE}@${wanted}`);
    const file = await fetchKernel(context, wanted, folder);
    const kernel = readKernel(readText(file) ?? '');
    if (kernel === undefined || !kernel.isWhole)
      return refuse('the fetched kernel is not what its first line vouches for', { do: 'Check the registry or proxy that serves it' });
    if (compareVersions(kernel.version, own.version) < 0)
      return refuse(`${kernel.version} is older than the kernel here, ${own.version}`, {
        do: 'Take an older one from version control, if it has to be',
      });
    step.now(`trying kernel ${kernel.version}`);
    const written = letItWrite(file, root);
    step.done(`kernel ${kernel.version}`);
    return { from: own.version, to: kernel.version, written };
  } catch (error) {
    step.failed();
    throw error;
  } finally {
    removeTree(folder);
  }
}

/** What is said of it. */
export const updateText = ({ from, to, written }: Updated): string =>
  written.length === 0 ? `kernel ${to} is the newest\n` : `kernel ${from} became ${to}: commit ${written.join(', ')}\n`;
