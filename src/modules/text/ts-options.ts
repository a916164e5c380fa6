import { dirname, isAbsolute, join } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';
import { plainJson } from './jsonc.ts';

/** What of a tsconfig.json changes the lowered text. */
export interface TsOptions {
  /** Decorators of the old form. */
  readonly legacyDecorators: boolean;
  readonly decoratorMetadata: boolean;
  /** Imports without `type` stay even when nothing uses their names: Node's rule, and that of `verbatimModuleSyntax`. */
  readonly keepUnusedImports: boolean;
  readonly jsxImportSource: string | undefined;
  readonly classicJsx: boolean;
}

type CompilerOptions = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const MOST_PARENTS = 16;

/** Reads the nearest tsconfig.json of files, with what it extends. One per build: nothing is read twice. */
export class TsOptionsReader {
  readonly #disk: Disk;
  readonly #byFolder = new Map<string, TsOptions>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** The options for files of a folder: those of the nearest tsconfig.json above. Without one, Node's rules. */
  forFolder(folder: string): TsOptions {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const options = this.#read(folder);
    this.#byFolder.set(folder, options);
    return options;
  }

  #read(folder: string): TsOptions {
    const file = join(folder, 'tsconfig.json');
    const found = this.#compilerOptions(file, MOST_PARENTS);
    const parent = dirname(folder);
    if (found === undefined && parent !== folder) return this.forFolder(parent);
    const source = found?.['jsxImportSource'];
    return {
      legacyDecorators: found?.['experimentalDecorators'] === true,
      decoratorMetadata: found?.['emitDecoratorMetadata'] === true,
      keepUnusedImports: found === undefined || found['verbatimModuleSyntax'] === true,
      jsxImportSource: typeof source === 'string' ? source : undefined,
      classicJsx: found?.['jsx'] === 'react',
    };
  }

  /** Options of one file laid over those it extends; undefined when there is no such file. A file that is no JSON counts as empty, as for Node. */
  #compilerOptions(file: string, depth: number): CompilerOptions | undefined {
    const text = this.#disk.readText(file);
    if (text === undefined) return undefined;
    let config: unknown;
    try {
      config = JSON.parse(plainJson(text));
    } catch {
      return {};
    }
    if (!isRecord(config)) return {};
    const parents = Array.isArray(config['extends']) ? config['extends'] : [config['extends']];
    const inherited =
      depth === 0 ? [] : parents.map((parent) => (typeof parent === 'string' ? this.#extended(file, parent, depth - 1) : {}));
    const own = isRecord(config['compilerOptions']) ? config['compilerOptions'] : {};
    return Object.fromEntries([...inherited, own].flatMap((options) => Object.entries(options)));
  }

  #extended(file: string, specifier: string, depth: number): CompilerOptions {
    for (const candidate of this.#candidates(dirname(file), specifier)) {
      const options = this.#compilerOptions(candidate, depth);
      if (options !== undefined) return options;
    }
    return {};
  }

  *#candidates(folder: string, specifier: string): Generator<string> {
    const spellings = (path: string): string[] =>
      [path, `${path}.json`, join(path, 'tsconfig.json')].filter((one) => one.endsWith('.json'));
    if (isAbsolute(specifier) || specifier.startsWith('.')) {
      yield* spellings(isAbsolute(specifier) ? specifier : join(folder, specifier));
      return;
    }
    for (let above = folder; ; above = dirname(above)) {
      yield* spellings(join(above, 'node_modules', specifier));
      if (above === dirname(above)) return;
    }
  }
}
