// The lockfile is read before npm runs: every entry comes from the registry and has the hash of its content, or is a part of the repository
// itself; else nothing is installed.
import path from 'node:path';
import { PrimeError, toError } from '../problem.ts';
import { isInside, localPackages, tarballOf } from './local-packages.ts';
import { lineOfKey } from '../config/json-place.ts';

const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const PLACE = /^(?:node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)(?:\/node_modules\/(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+)*$/;
const NAME = /^(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+$/;
const KNOWN = [
  'name version resolved integrity dev optional devOptional peer license engines os cpu libc bin dependencies optionalDependencies',
  'peerDependencies peerDependenciesMeta acceptDependencies funding deprecated hasInstallScript inBundle bundleDependencies hasShrinkwrap',
  'extraneous workspaces',
]
  .join(' ')
  .split(' ');
// What a dependency may ask for: a range, a tag, or another name of the registry.
const RANGE = /^(?:npm:(?:@[A-Za-z0-9-_.~]+\/)?[A-Za-z0-9-_.~]+@)?[0-9A-Za-z*^~<>=|.+ -]*$/;
const LINK = ['resolved', 'link', 'dev', 'optional', 'devOptional', 'peer', 'extraneous', 'name', 'version'];
const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an entry is about: a folder of the repository, or a package that lies in one; '' is the root. */
function partsOf(place: string): { readonly folder: string; readonly inside: string } {
  if (place.startsWith('node_modules/')) return { folder: '', inside: place };
  const at = place.indexOf('/node_modules/');
  return at === -1 ? { folder: place, inside: '' } : { folder: place.slice(0, at), inside: place.slice(at + 1) };
}

function badPlace(place: string, folders: readonly string[]): string | undefined {
  const { folder, inside } = partsOf(place);
  if (folder !== '' && !folders.includes(folder)) return 'lies outside node_modules, and no entry links to it';
  if (inside === '') return undefined;
  if (!PLACE.test(inside)) return 'leads out of its folder';
  return inside.split('/').some((part) => part === '.' || part === '..' || part === '.bin') ? 'leads out of its folder' : undefined;
}

/** Whether a URL is the one a registry gives to this very version; hosts differ from mirror to mirror. */
function isRegistryUrl(resolved: string, name: string, version: string): boolean {
  const url = /^https:\/\/[^/?#@\s]+(\/[^?#\s]*)$/.exec(resolved);
  const base = name.slice(name.indexOf('/') + 1);
  return url !== null && decodeURIComponent(url[1] ?? '').endsWith(`/${name}/-/${base}-${version}.tgz`);
}

/** Folders and tarballs that an entry of the repository asks for by `file:`, relative to the root. */
function fileRanges(folder: string, entry: unknown): readonly string[] {
  if (!isRecord(entry)) return [];
  return GROUPS.reduce<string[]>((all, group) => {
    const wanted = entry[group];
    if (!isRecord(wanted)) return all;
    const ranges = Object.values(wanted).filter((range): range is string => typeof range === 'string' && range.startsWith('file:'));
    return [...all, ...ranges.map((range) => path.posix.join(folder, range.slice('file:'.length)).replace(/\/$/, ''))];
  }, []);
}

/** @param locals what `file:` may lead to from the folder of this entry; undefined for packages of the registry, which may not say it */
function badRanges(entry: Json, locals?: { readonly folder: string; readonly has: (place: string) => boolean }): string | undefined {
  const isLocal = (range: string): boolean =>
    locals !== undefined &&
    range.startsWith('file:') &&
    locals.has(path.posix.join(locals.folder, range.slice('file:'.length)).replace(/\/$/, ''));
  for (const group of GROUPS) {
    const wanted = entry[group];
    if (wanted === undefined) continue;
    if (!isRecord(wanted)) return `has ${group} that are not an object`;
    for (const [name, range] of Object.entries(wanted)) {
      if (!NAME.test(name) || name === '..' || name === '.') return `asks for a package named «${name}»`;
      if (typeof range !== 'string' || (!RANGE.test(range) && !isLocal(range)))
        return `asks for ${name} from elsewhere: ${JSON.stringify(range)}`;
    }
  }
  return undefined;
}

function fault(place: string, entry: unknown, all: Json, { has, tarballs }: Locals): string | undefined {
  if (!isRecord(entry)) return 'is not an object';
  const isLink = entry['link'] === true;
  const unknown = Object.keys(entry).find((key) => !(isLink ? LINK : KNOWN).includes(key));
  if (unknown !== undefined) return `has the unknown key ${unknown}`;
  if (isLink) {
    const { resolved } = entry;
    if (typeof resolved !== 'string' || !isInside(resolved)) return `links to ${JSON.stringify(resolved)}, which is not below the folder`;
    return isRecord(all[resolved]) ? undefined : `links to ${resolved}, which the lockfile does not have`;
  }
  // A folder of the repository is as its own manifest says.
  if (partsOf(place).inside === '')
    return entry['resolved'] === undefined ? badRanges(entry, { folder: place, has }) : 'is a folder, and has an address';
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
  const tarball = tarballOf(resolved);
  if (tarball !== undefined) return tarballs.has(tarball) ? badRanges(entry) : `comes from ${tarball}, which nothing here asks for`;
  if (resolved !== undefined && (typeof resolved !== 'string' || !isRegistryUrl(resolved, name, version)))
    return `comes from elsewhere: ${JSON.stringify(resolved)}`;
  return badRanges(entry);
}

/** What the repository itself gives to its packages. */
interface Locals {
  readonly folders: readonly string[];
  /** Tarballs that it asks for. */
  readonly tarballs: ReadonlySet<string>;
  readonly has: (place: string) => boolean;
}

function localsOf(text: string, packages: Json): Locals {
  const { folders, tarballs } = localPackages(text);
  const asked = new Set(['', ...folders].reduce<string[]>((all, folder) => [...all, ...fileRanges(folder, packages[folder])], []));
  return {
    folders,
    tarballs: new Set(tarballs.filter((tarball) => asked.has(tarball))),
    has: (place) => folders.includes(place) || tarballs.includes(place),
  };
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
  const locals = localsOf(text, packages);
  const rootFault = isRecord(own) ? badRanges(own, { folder: '', has: locals.has }) : undefined;
  if (rootFault !== undefined) return refuse(['packages', ''], `the project ${rootFault}`, 'Take it from the registry');
  for (const [place, entry] of Object.entries(packages)) {
    if (place === '') continue;
    const wrong = badPlace(place, locals.folders) ?? fault(place, entry, packages, locals);
    if (wrong !== undefined)
      return refuse(
        ['packages', place],
        `the lockfile entry ${place} ${wrong}`,
        'Install it from the registry: npm install NAME@VERSION, then commit the lockfile',
      );
  }
  return Object.keys(packages).length - 1;
}
