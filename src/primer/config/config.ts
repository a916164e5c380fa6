// `prime.config.json` beside the kernel, and what the folder says of its Node elsewhere. All of it is optional. Data only; unknown keys are errors; every message names file and line.
import path from 'node:path';
import { parseRange, type VersionRange } from '../machine/version-range.ts';
import { readWantedNode, type WantedNode } from './wanted-node.ts';
import type { Reader } from './reader.ts';
import { readClientStates, STATE_NAME, type ClientStates } from './client-states.ts';
import { readLeaps, type Leaps } from './leaps.ts';
import { settingsOf, type SettingName } from './settings.ts';
import type { Setting } from '../../primer-api/state-context.ts';

export { CONFIG_NAME } from './leaps.ts';

/** A package of the npm registry, pinned by content. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-…` as the registry gives it. */
  readonly integrity: string;
}

/** How the `built` state is made. Paths are relative to the root. */
export interface BuildPlan {
  /** Scripts with arguments, run in this order by the required Node. */
  readonly run: readonly (readonly string[])[];
  /** Files and folders that it is made from. */
  readonly sources: readonly string[];
  /** Endings of files in `sources` that do not count. */
  readonly ignored: readonly string[];
  /** Files and folders that must be there afterwards; sizes of the files, and of those in the folders, are compared on every start. */
  readonly outputs: readonly string[];
  /** Removed before the next build when one was killed. */
  readonly clean: readonly string[];
}

/** A program that gets all arguments after its name, or a task of the primer's own command line. */
export interface Entry {
  readonly main: string;
  readonly target: string;
  readonly does: string;
}

export interface PrimeConfig {
  /** Absolute path of the folder that is prepared. */
  readonly root: string;
  /** Absolute path of the folder of the kernel: the root, or above it. */
  readonly kernelFolder: string;
  /** Files with settings, and the environment that they select. */
  readonly leaps: Leaps;
  /** Data for programs and states, by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What the folder says of its Node. */
  readonly wanted: WantedNode;
  /** Node as a package, by platform such as `linux-x64`: what is fetched where no installed one will do. */
  readonly nodePackages: Readonly<Record<string, PinnedPackage>>;
  /** The npm that installs; without it one of the machine does. */
  readonly npm: PinnedPackage | undefined;
  readonly built: BuildPlan | undefined;
  readonly apps: Readonly<Record<string, Entry>>;
  readonly tasks: Readonly<Record<string, Entry>>;
  /** The module that adds states; undefined when there is none. */
  readonly states: ClientStates | undefined;
  /** What `./prime` prepares to. */
  readonly target: string;
  /** Whether `./prime update` may renew the kernel. */
  readonly updates: boolean;
  /** The texts that were read, for the hash in the stamps. */
  readonly texts: readonly string[];
  /** All settings, each with its source. */
  settings(): readonly Setting[];
}

/** `linux-x64` and the like: how this machine is called in the configuration. */
export const platformKey = (): string => `${process.platform}-${process.arch}`;

const VERSION = /^\d+\.\d+\.\d+$/;
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
const REGISTRY = /^https?:\/\/[^\s"@]+$/;
const PACKAGE_NAME = /^(@[a-z0-9-_.]+\/)?[a-z0-9-_.]+$/;

function readPackage(
  reader: Reader,
  value: unknown,
  keys: readonly string[],
  name: string | undefined,
  version: string | undefined,
): PinnedPackage {
  const wanted = ['integrity', ...(name === undefined ? ['name'] : []), ...(version === undefined ? ['version'] : [])];
  const record = reader.object(value, keys, wanted, version === undefined ? [] : ['version']);
  return {
    name: name ?? reader.text(record['name'], [...keys, 'name'], PACKAGE_NAME),
    version:
      record['version'] === undefined && version !== undefined ? version : reader.text(record['version'], [...keys, 'version'], VERSION),
    integrity: reader.text(record['integrity'], [...keys, 'integrity'], INTEGRITY),
  };
}

function readPlan(reader: Reader, value: unknown): BuildPlan {
  const record = reader.object(value, ['built'], ['run', 'sources', 'outputs', 'clean'], ['ignored']);
  const paths = (key: string): string[] => reader.list(record[key], ['built', key], (one) => reader.inside(one, ['built', key]));
  return {
    run: reader.list(record['run'], ['built', 'run'], (line) =>
      reader.list(line, ['built', 'run'], (one) => reader.text(one, ['built', 'run'])),
    ),
    sources: paths('sources'),
    ignored: reader.list(record['ignored'] ?? [], ['built', 'ignored'], (one) => reader.text(one, ['built', 'ignored'])),
    outputs: paths('outputs'),
    clean: paths('clean'),
  };
}

function readEntries(reader: Reader, value: unknown, key: string): Record<string, Entry> {
  const entries: Record<string, Entry> = {};
  for (const [name, one] of Object.entries(reader.record(value, [key]))) {
    const keys = [key, name];
    const record = reader.object(one, keys, ['main', 'target', 'does']);
    entries[name] = {
      main: reader.inside(record['main'], [...keys, 'main']),
      target: reader.text(record['target'], [...keys, 'target']),
      does: reader.text(record['does'], [...keys, 'does']),
    };
  }
  return entries;
}

/** What a start asks for, beside what the files say. */
export interface Asked {
  /** The folder to serve, relative to that of the kernel. Default: its own. */
  readonly served?: string | undefined;
  /** The environment, by name or path. */
  readonly env?: string | undefined;
}

/** Folders whose version files count: the environment, the root, and those above it up to that of the kernel. */
function versionFolders(kernelFolder: string, root: string, { selection }: Leaps): readonly string[] {
  const folders = selection.selected === undefined ? [root] : [path.join(root, selection.selected.folder), root];
  for (let folder = root; folder !== kernelFolder && path.dirname(folder) !== folder;) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** Pins without a version are of the release that the folder of their file wants. Those that do not fit what is wanted here are none. */
function readNodes(leaps: Leaps, wanted: WantedNode): Record<string, PinnedPackage> {
  const { reader, value, folder } = leaps.of('node');
  const at = wanted.folders.indexOf(folder);
  const base = at > 0 && value !== undefined ? readWantedNode(wanted.folders.slice(at)) : wanted;
  const packages: Record<string, PinnedPackage> = {};
  for (const [key, one] of Object.entries(reader.record(value ?? {}, ['node']))) {
    const { name: given, ...rest } = reader.record(one, ['node', key]);
    const name = reader.text(given, ['node', key, 'name'], PACKAGE_NAME);
    const pinned = readPackage(reader, rest, ['node', key], name, base.exact);
    if (base.text === wanted.text || wanted.accepts(pinned.version)) packages[key] = pinned;
  }
  return packages;
}

/** Where nobody says otherwise, the values of the repository; those of the environment win by name. */
const readValues = ({ leaps }: Leaps): Readonly<Record<string, unknown>> =>
  leaps
    .filter(({ name }) => name !== 'primer')
    .reduce<Record<string, unknown>>((all, { reader, said }) => ({ ...all, ...reader.record(said['values'] ?? {}, ['values']) }), {});

/** Reads and checks the configuration. All of it may be missing. @throws PrimeError PRIME_CONFIG_INVALID, PRIME_USAGE */
export function readConfig(kernelFolder: string, { served = '', env }: Asked = {}): PrimeConfig {
  const root = path.join(kernelFolder, served);
  const leaps = readLeaps(kernelFolder, served, env);
  const wanted = readWantedNode(versionFolders(kernelFolder, root, leaps));
  const read = <T>(key: string, parse: (reader: Reader, value: unknown) => T): T | undefined => {
    const { reader, value } = leaps.of(key);
    return value === undefined ? undefined : parse(reader, value);
  };
  // Read by the launcher, which knows no JSON: one key a line.
  read('registry', (reader, value) => reader.text(value, ['registry'], REGISTRY));
  const updates = read('update', (reader, value) =>
    typeof value === 'boolean' ? value : reader.fail(['update'], 'is not true or false', 'Write false'),
  );
  const built = read('built', readPlan);
  const { reader: statesReader, value: statesValue } = leaps.of('states');
  const states = readClientStates(statesReader, root, statesValue);
  const usualTarget = built === undefined ? 'packages' : 'built';
  const values = readValues(leaps);
  return {
    root,
    kernelFolder,
    leaps,
    wanted,
    values,
    nodePackages: readNodes(leaps, wanted),
    npm: read('npm', (reader, value) => readPackage(reader, value, ['npm'], 'npm', undefined)),
    built,
    apps: read('apps', (reader, value) => readEntries(reader, value, 'apps')) ?? {},
    tasks: read('tasks', (reader, value) => readEntries(reader, value, 'tasks')) ?? {},
    states,
    target: read('target', (reader, value) => reader.text(value, ['target'], STATE_NAME)) ?? usualTarget,
    updates: updates !== false,
    texts: [...installTexts(leaps), wanted.text],
    settings: () =>
      allSettings(leaps, values, { states: states?.module, target: usualTarget, update: true, apps: {}, tasks: {}, node: {} }),
  };
}

/** What the installed packages depend on: the files of the repository, and of an environment what it says of Node and npm only. */
const installTexts = ({ leaps }: Leaps): readonly string[] =>
  leaps
    .filter(({ name }, i) => name !== 'client' || leaps[0]?.file !== leaps[i]?.file)
    .map(({ name, text, said }) => (name === 'environment' ? JSON.stringify([said['node'], said['npm']]) : (text ?? '')));

function allSettings(
  leaps: Leaps,
  values: Readonly<Record<string, unknown>>,
  defaults: Readonly<Partial<Record<SettingName, unknown>>>,
): readonly Setting[] {
  return settingsOf((name) => {
    const { reader, value } = leaps.of(name);
    if (value === undefined) return undefined;
    return { value: name === 'values' ? values : value, from: reader.placeOf([name]) };
  }, defaults);
}

/** What this machine needs: where the folder names one release, the platform's own version wins over it; where it names a range, that. */
export function requiredNode({ wanted, nodePackages }: PrimeConfig): VersionRange {
  const own = wanted.exact === undefined ? undefined : nodePackages[platformKey()]?.version;
  return own === undefined || own === wanted.exact ? wanted : (parseRange(own) ?? wanted);
}

/** Whether the Node that runs is one that the folder wants. */
export const isRequired = (config: PrimeConfig): boolean => requiredNode(config).accepts(process.versions.node);
