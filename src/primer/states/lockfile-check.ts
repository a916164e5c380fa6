// The lockfile is read before npm runs: every entry comes from the registry and has the hash of its content, or nothing is installed.
import { PrimeError, toError } from '../problem.ts';
import { lineOfKey } from '../json-place.ts';

const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const PLACE = /^(?:node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)(?:\/node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)*$/;
const NAME = /^(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+$/;
const KNOWN = [
  'name version resolved integrity dev optional devOptional peer license engines os cpu libc bin dependencies optionalDependencies',
  'peerDependencies peerDependenciesMeta funding deprecated hasInstallScript inBundle bundleDependencies hasShrinkwrap extraneous',
]
  .join(' ')
  .split(' ');
// What a dependency may ask for: a range, a tag, or another name of the registry.
const RANGE = /^(?:npm:(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+@)?[0-9A-Za-z*^~<>=|.+ -]*$/;
const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function badPlace(place: string): string | undefined {
  if (!PLACE.test(place)) return 'lies outside node_modules, as workspaces and linked folders do';
  return place.split('/').some((part) => part === '.' || part === '..' || part === '.bin') ? 'leads out of its folder' : undefined;
}

/** Whether a URL is the one a registry gives to this very version; hosts differ from mirror to mirror. */
function isRegistryUrl(resolved: string, name: string, version: string): boolean {
  const url = /^https:\/\/[^/?#@\s]+(\/[^?#\s]*)$/.exec(resolved);
  const base = name.slice(name.indexOf('/') + 1);
  return url !== null && decodeURIComponent(url[1] ?? '').endsWith(`/${name}/-/${base}-${version}.tgz`);
}

function badRanges(entry: Json): string | undefined {
  for (const group of GROUPS) {
    const wanted = entry[group];
    if (wanted === undefined) continue;
    if (!isRecord(wanted)) return `has ${group} that are not an object`;
    for (const [name, range] of Object.entries(wanted)) {
      if (!NAME.test(name) || name === '..' || name === '.') return `asks for a package named «${name}»`;
      if (typeof range !== 'string' || !RANGE.test(range)) return `asks for ${name} from elsewhere: ${JSON.stringify(range)}`;
    }
  }
  return undefined;
}

function fault(place: string, entry: unknown, all: Json): string | undefined {
  if (!isRecord(entry)) return 'is not an object';
  const unknown = Object.keys(entry).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) return unknown === 'link' ? 'is a link to a folder' : `has the unknown key ${unknown}`;
  const { version, integrity, resolved, name: given } = entry;
  const name = given ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (typeof name !== 'string' || !NAME.test(name)) return 'has no proper name';
  if (typeof version !== 'string' || !VERSION.test(version)) return `has no exact version: ${JSON.stringify(version)}`;
  if (entry['inBundle'] === true) {
    const parent = place.slice(0, place.lastIndexOf('/node_modules/'));
    if (place.lastIndexOf('/node_modules/') === -1 || all[parent] === undefined) return 'says it is bundled, but nothing bundles it';
    if (integrity === undefined && resolved === undefined) return badRanges(entry);
  }
  if (typeof integrity !== 'string' || !INTEGRITY.test(integrity)) return `has no sha512 integrity: ${JSON.stringify(integrity)}`;
  if (resolved !== undefined && (typeof resolved !== 'string' || !isRegistryUrl(resolved, name, version)))
    return `comes from elsewhere: ${JSON.stringify(resolved)}`;
  return badRanges(entry);
}

/** Checks a lockfile. Returns the number of packages. @throws PrimeError PRIME_CONFIG_INVALID */
export function checkLockfile(file: string, text: string): number {
  const refuse = (place: readonly string[], message: string, cure: string): never => {
    throw new PrimeError('PRIME_CONFIG_INVALID', message, {
      at: `${file}:${lineOfKey(text, place)}`,
      kept: 'Nothing was installed',
      do: cure,
    });
  };
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch (error) {
    return refuse([], `the lockfile is not JSON: ${toError(error).message}`, 'Restore it from version control');
  }
  const packages = isRecord(lock) ? lock['packages'] : undefined;
  if (!isRecord(lock) || lock['lockfileVersion'] !== 3 || !isRecord(packages) || !isRecord(packages['']))
    return refuse([], 'the lockfile is not of version 3', 'Write it again with npm 7 or newer: npm install --package-lock-only');
  if (lock['dependencies'] !== undefined) return refuse(['dependencies'], 'the lockfile has a second list of dependencies', 'Remove it');
  const own = packages[''];
  if (isRecord(own) && own['workspaces'] !== undefined) return refuse(['workspaces'], 'workspaces are not supported', 'Remove them');
  const rootFault = isRecord(own) ? badRanges(own) : undefined;
  if (rootFault !== undefined) return refuse(['packages', ''], `the project ${rootFault}`, 'Take it from the registry');
  for (const [place, entry] of Object.entries(packages)) {
    if (place === '') continue;
    const wrong = badPlace(place) ?? fault(place, entry, packages);
    if (wrong !== undefined)
      return refuse(
        ['packages', place],
        `the lockfile entry ${place} ${wrong}`,
        'Install it from the registry: npm install NAME@VERSION, then commit the lockfile',
      );
  }
  return Object.keys(packages).length - 1;
}
