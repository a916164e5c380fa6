// Settings of a project: `resprout.config.json` beside its package.json. Plain JSON, so that reading it runs nothing.
import path from 'node:path';
import type { PackageTreatment } from '../../base/builds/build.ts';
import { DURATION_FORMS, readDurationMs } from '../../base/time/duration.ts';
import { isNamePattern } from '../../platform/secrets/env-secrets.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { Inventory } from '../../base/inventory/inventory.ts';
import { parseSettings, SETTINGS_FILE, settingsInvalid as invalid } from '../../base/inventory/settings-file.ts';

export { SETTINGS_FILE };

/** What the file may say. Its shape is described in docs/settings.md. */
export interface ProjectSettings {
  /** How packages are treated, by name; over the shipped table and the scan. */
  readonly packages: Readonly<Record<string, PackageTreatment>>;
  /** Files of the project that far sides may load although the program does not import them: patterns, relative to the file. */
  readonly serve: readonly string[];
  /** Which ended sessions of the store beside the file stay; undefined: all do. */
  readonly retention: Retention | undefined;
  /** Names of environment values that are not shown; `*` stands for any part of a name. */
  readonly secrets: readonly string[];
  /** How values of sessions of the store beside the file are sealed; undefined: they are not. */
  readonly seal: SealSettings | undefined;
  /** Named targets and groups of them, with what is to be known of each. */
  readonly inventory: Inventory;
}

/** Which ended sessions stay. */
export interface Retention {
  /** Those that ended within so many milliseconds; undefined: of any age. */
  readonly olderThanMs: number | undefined;
  /** So many, those that ended last; undefined: any number. */
  readonly atMost: number | undefined;
}

/** Where the key of sealed sessions comes from. Never a value of the environment: whatever the user runs could read that. */
export type KeySource =
  /** A file that nobody else can read. Absolute, or beside the settings. */
  | { readonly kind: 'file'; readonly path: string }
  /** A name in the folder that CREDENTIALS_DIRECTORY names, as systemd gives it to a service. */
  | { readonly kind: 'credential'; readonly name: string }
  /** A program that prints it, with its arguments. No shell. */
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] };

/** Values at rest. */
export interface SealSettings {
  readonly key: KeySource;
}

const DAY_MS = 86_400_000;
const RETENTION: Retention = { olderThanMs: 30 * DAY_MS, atMost: 1000 };
const NO_SETTINGS: ProjectSettings = {
  packages: {},
  serve: [],
  retention: RETENTION,
  secrets: [],
  seal: undefined,
  inventory: new Inventory(undefined, undefined, SETTINGS_FILE),
};
/** `$schema` helps editors and means nothing here. */
const KEYS: readonly string[] = ['$schema', 'groups', 'packages', 'retention', 'secrets', 'seal', 'serve', 'targets'];
const RETENTION_KEYS: readonly string[] = ['olderThan', 'atMost'];

/** The settings of a project folder; none when it has no such file. @throws ResproutError CONFIG_INVALID naming the key */
export function readProjectSettings(disk: Disk, root: string): ProjectSettings {
  const file = `${root}/${SETTINGS_FILE}`;
  const text = disk.readText(file);
  if (text === undefined) return NO_SETTINGS;
  const content = objectIn(parseSettings(text, file), file, SETTINGS_FILE);
  checkKeys(content, KEYS, file, '');
  const given = content['packages'] === undefined ? {} : objectIn(content['packages'], file, 'packages');
  const packages = Object.fromEntries(Object.entries(given).map(([name, treat]) => [name, treatment(treat, file, name)]));
  return {
    packages,
    serve: patterns(content['serve'], file),
    retention: retentionIn(content['retention'], file),
    secrets: secretsIn(content['secrets'], file),
    seal: sealIn(content['seal'], file),
    inventory: new Inventory(content['targets'], content['groups'], file),
  };
}

function patterns(value: unknown, file: string): readonly string[] {
  if (value === undefined) return [];
  const isList = Array.isArray(value) && value.every((pattern): pattern is string => typeof pattern === 'string' && pattern !== '');
  if (!isList) throw invalid(file, `serve is ${JSON.stringify(value)}`, 'Write a list of patterns: { "serve": ["plugins/**"] }');
  return value;
}

function checkKeys(content: Readonly<Record<string, unknown>>, keys: readonly string[], file: string, where: string): void {
  const unknown = Object.keys(content).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw invalid(file, `there is no setting "${where}${unknown}"`, `Settings are: ${keys.join(', ')}`);
}

function retentionIn(value: unknown, file: string): Retention | undefined {
  if (value === undefined) return RETENTION;
  if (value === false) return undefined;
  const { olderThan = '30d', atMost = RETENTION.atMost, ...rest } = objectIn(value, file, 'retention', RETENTION_FORM);
  checkKeys(rest, RETENTION_KEYS, file, 'retention.');
  const olderThanMs = olderThan === false ? undefined : typeof olderThan === 'string' ? readDurationMs(olderThan) : Number.NaN;
  if (olderThan !== false && (olderThanMs === undefined || Number.isNaN(olderThanMs)))
    throw invalid(file, `retention.olderThan is ${JSON.stringify(olderThan)}`, `Write a duration ${DURATION_FORMS}, or false`);
  if (atMost !== false && (typeof atMost !== 'number' || !Number.isSafeInteger(atMost) || atMost < 0))
    throw invalid(file, `retention.atMost is ${JSON.stringify(atMost)}`, 'Write a number of sessions, or false');
  return { olderThanMs, atMost: atMost === false ? undefined : atMost };
}

const RETENTION_FORM = 'Write { "retention": { "olderThan": "30d", "atMost": 1000 } }, or { "retention": false }';

function secretsIn(value: unknown, file: string): readonly string[] {
  if (value === undefined) return [];
  const form = 'Write names of environment values, * for any part: { "secrets": ["API_KEY", "*_TOKEN"] }';
  if (!Array.isArray(value)) throw invalid(file, 'secrets is not a list', form);
  return value.map((name: unknown) => {
    if (typeof name === 'string' && isNamePattern(name)) return name;
    throw invalid(file, `secrets has ${JSON.stringify(name)}`, form);
  });
}

const SEAL_FORM =
  'Write { "seal": { "key": { "file": "/path/of/key" } } }, { "credential": "NAME" } for a credential of systemd, or { "command": ["program", "argument"] }';

function sealIn(value: unknown, file: string): SealSettings | undefined {
  if (value === undefined || value === false) return undefined;
  const { key, ...rest } = objectIn(value, file, 'seal', SEAL_FORM);
  checkKeys(rest, ['key'], file, 'seal.');
  const [source, ...more] = Object.entries(objectIn(key, file, 'seal.key', SEAL_FORM));
  if (source === undefined || more.length > 0) throw invalid(file, 'seal.key does not name one source', SEAL_FORM);
  return { key: keySource(source, file) };
}

function keySource([kind, value]: readonly [string, unknown], file: string): KeySource {
  if (kind === 'file' && typeof value === 'string' && value !== '') return { kind, path: path.resolve(path.dirname(file), value) };
  if (kind === 'credential' && typeof value === 'string' && /^[\w.@:-]+$/.test(value)) return { kind, name: value };
  if (kind === 'command' && Array.isArray(value) && value.every((part): part is string => typeof part === 'string')) {
    const [program, ...args] = value;
    if (program !== undefined && program !== '') return { kind, argv: [program, ...args] };
  }
  throw invalid(file, `seal.key.${kind} cannot be understood`, SEAL_FORM);
}

function objectIn(
  value: unknown,
  file: string,
  where: string,
  form = 'Write { "packages": { "name": "boundary" } }',
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(file, `${where} is not an object`, form);
  return Object.fromEntries(Object.entries(value));
}

function treatment(value: unknown, file: string, name: string): PackageTreatment {
  if (value === 'inline' || value === 'boundary') return value;
  throw invalid(file, `packages.${name} is ${JSON.stringify(value)}`, 'Write "inline" or "boundary"');
}
