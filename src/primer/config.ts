// `prime.config.json` beside the kernel, and `.node-version`. Data only; unknown keys are errors; every message names file and line.
import path from 'node:path';
import { lineOfKey, lineOfSyntaxError } from './json-place.ts';
import { readText } from './files.ts';
import { PrimeError, toError } from './problem.ts';

/** Name of the configuration file. */
const CONFIG_NAME = 'prime.config.json';
const VERSION_NAME = '.node-version';

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
  /** Files that must be there afterwards. */
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
  /** The Node release that `.node-version` names. */
  readonly nodeVersion: string;
  /** Node as a package, by platform such as `linux-x64`. A platform's own `version` wins over `.node-version`. */
  readonly nodePackages: Readonly<Record<string, PinnedPackage>>;
  readonly npm: PinnedPackage;
  readonly built: BuildPlan;
  readonly apps: Readonly<Record<string, Entry>>;
  readonly tasks: Readonly<Record<string, Entry>>;
  /** The texts that were read, for the hash in the stamps. */
  readonly texts: readonly string[];
}

/** `linux-x64` and the like: how this machine is called in the configuration. */
export const platformKey = (): string => `${process.platform}-${process.arch}`;

const VERSION = /^\d+\.\d+\.\d+$/;
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
const PACKAGE_NAME = /^(@[a-z0-9-_.]+\/)?[a-z0-9-_.]+$/;

/** Reads fields of one JSON text and complains with file and line. */
class Reader {
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  fail(keys: readonly string[], message: string, cure: string): never {
    throw new PrimeError('PRIME_CONFIG_INVALID', `${keys.length === 0 ? '' : `${keys.join('.')} `}${message}`, {
      at: `${this.#file}:${lineOfKey(this.#text, keys)}`,
      do: cure,
    });
  }

  /** An object with exactly the wanted keys; `optional` ones may be missing. */
  object(value: unknown, keys: readonly string[], wanted: readonly string[], optional: readonly string[] = []): Record<string, unknown> {
    const record = this.record(value, keys);
    for (const key of Object.keys(record))
      if (!wanted.includes(key) && !optional.includes(key))
        this.fail([...keys, key], 'is not a known key', `Remove it; known here: ${[...wanted, ...optional].join(', ')}`);
    for (const key of wanted) if (record[key] === undefined) this.fail(keys, `lacks the key ${key}`, `Add ${key}`);
    return record;
  }

  record(value: unknown, keys: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail(keys, 'is not an object', 'Write { … }');
    return Object.fromEntries(Object.entries(value));
  }

  text(value: unknown, keys: readonly string[], pattern?: RegExp): string {
    if (typeof value !== 'string' || value === '') return this.fail(keys, 'is not a text', 'Write a text in quotes');
    if (pattern !== undefined && !pattern.test(value)) return this.fail(keys, `is «${value}»`, `Write a value that fits ${pattern.source}`);
    return value;
  }

  list<T>(value: unknown, keys: readonly string[], item: (value: unknown) => T): T[] {
    if (!Array.isArray(value)) return this.fail(keys, 'is not a list', 'Write [ … ]');
    return value.map((one) => item(one));
  }

  /** A path inside the root, with forward slashes. */
  inside(value: unknown, keys: readonly string[]): string {
    const text = this.text(value, keys);
    if (path.posix.isAbsolute(text) || text.split('/').includes('..') || text.includes('\\'))
      return this.fail(keys, `leads out of the folder: ${text}`, 'Write a path relative to this file, without ..');
    return text;
  }
}

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

/** Reads and checks the configuration of a folder. @throws PrimeError PRIME_CONFIG_INVALID */
export function readConfig(root: string): PrimeConfig {
  const file = path.join(root, CONFIG_NAME);
  const text = readText(file);
  const versionText = readText(path.join(root, VERSION_NAME));
  if (text === undefined || versionText === undefined)
    throw new PrimeError('PRIME_CONFIG_INVALID', `${text === undefined ? CONFIG_NAME : VERSION_NAME} is missing in ${root}`, {
      do: 'Restore it from version control',
    });
  const reader = new Reader(file, text);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const { message } = toError(error);
    throw new PrimeError('PRIME_CONFIG_INVALID', `is not JSON: ${message}`, {
      at: `${file}:${lineOfSyntaxError(text, message)}`,
      do: 'Correct that line',
    });
  }
  const nodeVersion = versionText.trim().replace(/^v/, '');
  if (!VERSION.test(nodeVersion))
    throw new PrimeError('PRIME_CONFIG_INVALID', `«${nodeVersion}» is not an exact version`, {
      at: `${path.join(root, VERSION_NAME)}:1`,
      do: 'Write three numbers, such as 26.10.0',
    });
  const record = reader.object(parsed, [], ['node', 'npm', 'built', 'apps', 'tasks']);
  const nodePackages: Record<string, PinnedPackage> = {};
  for (const [key, one] of Object.entries(reader.record(record['node'], ['node']))) {
    const names = reader.record(one, ['node', key]);
    const name = reader.text(names['name'], ['node', key, 'name'], PACKAGE_NAME);
    const { name: _, ...rest } = names;
    nodePackages[key] = readPackage(reader, rest, ['node', key], name, nodeVersion);
  }
  return {
    root,
    nodeVersion,
    nodePackages,
    npm: readPackage(reader, record['npm'], ['npm'], 'npm', undefined),
    built: readPlan(reader, record['built']),
    apps: readEntries(reader, record['apps'], 'apps'),
    tasks: readEntries(reader, record['tasks'], 'tasks'),
    texts: [text, versionText],
  };
}

/** The Node release that this machine needs: the platform's own version, else that of `.node-version`. */
export function requiredNode(config: PrimeConfig): string {
  return config.nodePackages[platformKey()]?.version ?? config.nodeVersion;
}
