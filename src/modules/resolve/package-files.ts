import type { ModuleFormat } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { formatOf, PackageScopes } from './format.ts';
import { commonJsExports, packageImports, type FoundImport } from '../imports/imports.ts';
import type { Resolver } from './resolve.ts';

/** A file of a package as it lies on the disk. */
export interface PackageFile {
  readonly format: ModuleFormat;
  readonly text: string;
  readonly imports: readonly FoundImport[];
}

/** Reads files of packages, each once. */
export class PackageFiles {
  readonly #disk: Disk;
  readonly #scopes: PackageScopes;
  readonly #resolver: Resolver;
  readonly #files = new Map<string, PackageFile | undefined>();
  readonly #names = new Map<string, readonly string[]>();

  constructor(disk: Disk, resolver: Resolver) {
    this.#disk = disk;
    this.#scopes = new PackageScopes(disk);
    this.#resolver = resolver;
  }

  /** Undefined for what is neither code nor data, and for what is not there. */
  read(file: string): PackageFile | undefined {
    if (this.#files.has(file)) return this.#files.get(file);
    const found = this.#read(file);
    this.#files.set(file, found);
    return found;
  }

  #read(file: string): PackageFile | undefined {
    const text = this.#disk.readText(file);
    if (text === undefined) return undefined;
    const format = formatOf(file, text, this.#scopes);
    if (format === undefined) return undefined;
    return { format, text, imports: format === 'json' ? [] : packageImports(text, format) };
  }

  /** Export names of a CommonJS file with those of what it hands on, as Node's ESM face of it has them, less `default`. */
  exportNames(file: string, text: string): readonly string[] {
    const known = this.#names.get(file);
    if (known !== undefined) return known;
    const names = new Set<string>();
    const seen = new Set<string>();
    const collect = (at: string, content: string): void => {
      if (seen.has(at)) return;
      seen.add(at);
      const found = commonJsExports(content);
      for (const name of found.names) names.add(name);
      for (const specifier of found.from) {
        const resolved = this.#resolver.resolve(at, specifier, 'r');
        if ('missing' in resolved || !resolved.target.startsWith('/')) continue;
        const next = this.read(resolved.target);
        if (next?.format === 'commonjs') collect(resolved.target, next.text);
      }
    };
    collect(file, text);
    names.delete('default');
    const list = [...names];
    this.#names.set(file, list);
    return list;
  }
}
