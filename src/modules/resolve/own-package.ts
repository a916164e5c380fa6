import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Disk } from '../../base/seams/disk.ts';
import { ResproutError } from '../../base/errors/errors.ts';

/** Name of this package; also how programs import it. */
export const OWN_NAME = 'resprout';

/** The copy of this package that runs: its folder, version and public specifiers. */
export interface OwnPackage {
  readonly folder: string;
  readonly version: string;
  /** The specifier of a public entry; undefined when the package has no such entry. */
  isEntry(specifier: string): boolean;
  /** Whether a real path is one of its own sources (`dist/`, `src/`), not an example or test. */
  holds(file: string): boolean;
  /** The public specifier of a source file of this package, when it is an entry: `dist/durable.js` and `src/durable.ts` are `resprout/durable`. */
  entryOf(file: string): string | undefined;
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  const field: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof field === 'object' && field !== null ? Object.fromEntries(Object.entries(field)) : {};
}

function defaultOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  return typeof entry === 'object' && entry !== null && 'default' in entry ? String(entry.default) : '';
}

/** Reads the package.json above this very file: it holds in `src/`, in `dist/` and in bundles. */
export function findOwnPackage(disk: Disk): OwnPackage {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const text = disk.readText(`${folder}/package.json`);
    if (text === undefined) continue;
    const content: unknown = JSON.parse(text);
    if (typeof content !== 'object' || content === null || !('name' in content) || content.name !== OWN_NAME) continue;
    const version = 'version' in content ? String(content.version) : '0';
    return describe(disk.realPath(folder) ?? folder, version, recordIn(content, 'exports'));
  }
  throw new ResproutError('INTERNAL', `no package.json of ${OWN_NAME} above ${import.meta.url}`);
}

function describe(folder: string, version: string, exports: Readonly<Record<string, unknown>>): OwnPackage {
  const fileOf = new Map<string, string>();
  for (const [subpath, entry] of Object.entries(exports)) {
    const file = defaultOf(entry);
    if (file.endsWith('.js')) fileOf.set(OWN_NAME + subpath.slice(1), file.slice(2));
  }
  const byFile = new Map<string, string>();
  for (const [specifier, file] of fileOf) {
    byFile.set(`${folder}/${file}`, specifier);
    byFile.set(`${folder}/${file.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts')}`, specifier);
  }
  return {
    folder,
    version,
    isEntry: (specifier) => fileOf.has(specifier),
    holds: (file) => file.startsWith(`${folder}/dist/`) || file.startsWith(`${folder}/src/`),
    entryOf: (file) => byFile.get(file),
  };
}
