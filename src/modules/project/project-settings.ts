// Settings of a project: `resprout.config.json` beside its package.json. Plain JSON, so that reading it runs nothing.
import type { PackageTreatment } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { ResproutError } from '../../base/errors/errors.ts';

/** Name of the file. */
export const SETTINGS_FILE = 'resprout.config.json';

/** What the file may say. Its shape is described in docs/settings.md. */
export interface ProjectSettings {
  /** How packages are treated, by name; over the shipped table and the scan. */
  readonly packages: Readonly<Record<string, PackageTreatment>>;
}

const NO_SETTINGS: ProjectSettings = { packages: {} };
/** `$schema` helps editors and means nothing here. */
const KEYS: readonly string[] = ['$schema', 'packages'];

/** The settings of a project folder; none when it has no such file. @throws ResproutError CONFIG_INVALID naming the key */
export function readProjectSettings(disk: Disk, root: string): ProjectSettings {
  const file = `${root}/${SETTINGS_FILE}`;
  const text = disk.readText(file);
  if (text === undefined) return NO_SETTINGS;
  const content = objectIn(parsed(text, file), file, SETTINGS_FILE);
  const unknown = Object.keys(content).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw invalid(file, `there is no setting "${unknown}"`, `Settings are: ${KEYS.join(', ')}`);
  const given = content['packages'] === undefined ? {} : objectIn(content['packages'], file, 'packages');
  return { packages: Object.fromEntries(Object.entries(given).map(([name, treat]) => [name, treatment(treat, file, name)])) };
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, `it is not valid JSON: ${String(error)}`, 'Correct the file', error);
  }
}

function objectIn(value: unknown, file: string, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(file, `${where} is not an object`, 'Write { "packages": { "name": "boundary" } }');
  return Object.fromEntries(Object.entries(value));
}

function treatment(value: unknown, file: string, name: string): PackageTreatment {
  if (value === 'inline' || value === 'boundary') return value;
  throw invalid(file, `packages.${name} is ${JSON.stringify(value)}`, 'Write "inline" or "boundary"');
}

function invalid(file: string, saw: string, cure: string, cause?: unknown): ResproutError {
  return new ResproutError('CONFIG_INVALID', `${file}: ${saw}`, { tried: `to read ${file}`, saw, do: cure }, { cause });
}
