import { dirname } from 'node:path';
import type { ModuleFormat } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';

/** What Node reads of a package.json for one folder. */
export interface PackageScope {
  /** Folder of the package.json; the root of the disk without one. */
  readonly folder: string;
  readonly type: 'module' | 'commonjs' | undefined;
}

/** Finds the package.json that rules a folder. One per build: nothing is read twice. */
export class PackageScopes {
  readonly #disk: Disk;
  readonly #byFolder = new Map<string, PackageScope>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  of(folder: string): PackageScope {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const scope = this.#find(folder);
    this.#byFolder.set(folder, scope);
    return scope;
  }

  #find(folder: string): PackageScope {
    const text = this.#disk.readText(`${folder}/package.json`);
    if (text !== undefined) return { folder, type: typeIn(text) };
    const parent = dirname(folder);
    // Node stops at node_modules: a package without package.json is not ruled by the project's.
    if (parent === folder || folder.endsWith('/node_modules')) return { folder, type: undefined };
    return this.of(parent);
  }
}

function typeIn(text: string): PackageScope['type'] {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content !== 'object' || content === null || !('type' in content)) return undefined;
    return content.type === 'module' || content.type === 'commonjs' ? content.type : undefined;
  } catch {
    return undefined;
  }
}

const STATEMENT = /^\s*(?:import\b(?!\s*\(|\s*\.|\s+[\w$]+\s*=\s*require\b|\s+type\s+[\w$]+\s*=\s*require\b)|export\b(?!\s*=))/m;
const COMMENT_OR_STRING = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;

/** Whether a text has import or export statements. `import x = require()` and `export =` are CommonJS. */
function hasModuleStatements(text: string): boolean {
  return STATEMENT.test(text.replaceAll(COMMENT_OR_STRING, (piece) => (piece.startsWith('/') ? ' ' : '""')));
}

/**
 * How Node loads a file; undefined for what is neither code nor data (`.node`, `.wasm`, `.css`). User files that leave it open are told
 * by their text: import or export statements make a module. So are files of packages without `type`, as Node itself does since 22.7.
 */
export function formatOf(file: string, text: string, scopes: PackageScopes): ModuleFormat | undefined {
  if (file.endsWith('.json')) return 'json';
  if (/\.m[jt]s$/.test(file)) return 'module';
  if (/\.c[jt]s$/.test(file)) return 'commonjs';
  if (!/\.(?:[jt]s|[jt]sx)$/.test(file)) return undefined;
  const { type } = scopes.of(dirname(file));
  if (type === 'module') return 'module';
  if (type === 'commonjs' && file.includes('/node_modules/')) return 'commonjs';
  return hasModuleStatements(text) ? 'module' : 'commonjs';
}
