// Questions to the registry of this machine, by the machine's own npm: it alone knows address, proxy and certificates.
import fs from 'node:fs';
import path from 'node:path';
import { npmCache } from '../cache/cache.ts';
import { hereArguments, retryArguments } from '../cache/package-cache.ts';
import type { PrimeContext } from '../context.ts';
import { makeFolder, namesIn, removeTree } from '../files.ts';
import { findMachineNpm, settingsArguments, type MachineNpm } from '../machine/machine-npm.ts';
import { npmrcOf } from '../machine/npmrc.ts';
import { PrimeError } from '../problem.ts';
import { npmComplaint, type ToolResult } from '../processes/tool.ts';

const ASK_MS = 3 * 60_000;

/** A release of a package. */
export interface Release {
  readonly version: string;
  readonly integrity: string;
  /** The range of Nodes that it runs on; empty when it does not say. */
  readonly engines: string;
}

/** The npm to ask with. @throws PrimeError PRIME_NO_NPM, PRIME_OFFLINE */
export function npmToAsk(context: PrimeContext): MachineNpm {
  if (context.options.offline)
    throw new PrimeError('PRIME_OFFLINE', 'the registry is asked, and the network may not be used', { do: 'Run it without --offline' });
  const { npm, tried } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  if (npm !== undefined) return npm;
  throw new PrimeError('PRIME_NO_NPM', 'no npm on this machine can be run, and the registry is asked with it', {
    tried: tried.length === 0 ? 'looking for npm in every folder of PATH, and beside the Node that runs' : tried.join('\n'),
    do: 'Install Node with npm (any version from 12 on), or put its folder on PATH',
  });
}

function runNpm(context: PrimeContext, npm: MachineNpm, args: readonly string[], cwd: string): Promise<ToolResult> {
  return context.tool({
    file: npm.node,
    args: [
      npm.cli,
      ...args,
      `--cache=${npmCache(context.cache)}`,
      '--prefer-online',
      ...hereArguments,
      ...retryArguments,
      ...settingsArguments(npm),
    ],
    cwd,
    deadlineMs: ASK_MS,
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function releasesOf(answer: string): Release[] {
  if (answer.trim() === '') return [];
  const parsed: unknown = JSON.parse(answer);
  return (Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]).reduce<Release[]>((all, one) => {
    const fields = one as Readonly<Record<string, unknown>>;
    const version = text(fields['version']);
    return version === '' ? all : [...all, { version, integrity: text(fields['dist.integrity']), engines: text(fields['engines.node']) }];
  }, []);
}

/** Releases of a package in a range; none when the registry has none. @throws PrimeError PRIME_REGISTRY when it does not answer */
export async function releasesIn(context: PrimeContext, npm: MachineNpm, name: string, range: string): Promise<Release[]> {
  const spec = `${name}@${range}`;
  const ran = await runNpm(context, npm, ['view', spec, 'version', 'dist.integrity', 'engines.node', '--json'], context.config.root);
  if (ran.code === 0) return releasesOf(ran.stdout);
  if (/\b(?:E404|ETARGET|ENOVERSIONS)\b/.test(ran.output)) return [];
  throw noAnswer(`npm view ${spec}`, ran);
}

function noAnswer(tried: string, ran: ToolResult): PrimeError {
  return new PrimeError('PRIME_REGISTRY', 'the registry gives no answer', {
    tried,
    saw: ran.timedOut ? `no end within ${ASK_MS / 60_000} min` : npmComplaint(ran.output) || `exit code ${ran.code}`,
    kept: 'Nothing was changed',
    do: 'Check the network, and registry and proxy in the npm settings (npm config list), then run it again',
  });
}

/** Fetches a package into a folder; npm compares it with the hash of the registry. Path of the tarball; undefined when there is no such release. */
export async function fetchPackage(context: PrimeContext, npm: MachineNpm, spec: string, folder: string): Promise<string | undefined> {
  removeTree(folder);
  makeFolder(folder);
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const npmrc = npmrcOf(context.config);
  if (npmrc !== undefined) fs.copyFileSync(npmrc, path.join(folder, '.npmrc'));
  const ran = await runNpm(context, npm, ['pack', spec, '--ignore-scripts', '--pack-destination=.'], folder);
  const tgz = namesIn(folder).find((name) => name.endsWith('.tgz'));
  if (ran.code === 0 && tgz !== undefined) return path.join(folder, tgz);
  if (/\b(?:E404|ETARGET|ENOVERSIONS)\b/.test(ran.output)) return undefined;
  throw noAnswer(`npm pack ${spec}`, ran);
}
