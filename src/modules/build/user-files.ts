import { dirname, relative } from 'node:path';
import type { BuildProblem, FileResolution, FileTable, ImportKind, ModuleTarget } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { codeOf, ResproutError, toError } from '../../base/errors/errors.ts';
import { shortHash } from '../../platform/keyed-hash.ts';
import { isSystemError } from '../../platform/system-error.ts';
import type { BuildStore } from './build-store.ts';
import { isFileTarget, tableKind } from '../closure/closure.ts';
import type { FileExtension } from '../file-extension.ts';
import { formatOf, PackageScopes } from '../resolve/format.ts';
import { LOWERED, LOWERED_MAP, makeArtefacts, makeJson, type MadeArtefacts } from './make-artefacts.ts';
import type { OwnPackage } from '../resolve/own-package.ts';
import type { Resolver } from '../resolve/resolve.ts';
import { TsOptionsReader } from '../text/ts-options.ts';
import { isUserFile } from '../resolve/user-file.ts';

export interface UserFilesOptions {
  readonly disk: Disk;
  readonly root: string;
  readonly own: OwnPackage;
  readonly store: BuildStore;
  readonly resolver: Resolver;
  readonly versions: Readonly<Record<string, string>>;
  readonly extend: FileExtension | undefined;
  readonly counts: { made: number; read: number };
  /** Files that the build has already: they are not looked at again. */
  readonly have: (file: string) => boolean;
}

/** User files and where their imports lead. */
export interface GraphPart {
  /** Absolute path to key. */
  readonly files: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, FileTable>;
  readonly resolution: ReadonlyMap<string, FileResolution>;
  readonly problems: readonly BuildProblem[];
}

/** 16 characters of base 36 hold 82 bits. */
const KEY_LENGTH = 16;

function keyOf(parts: readonly unknown[]): string {
  return BigInt(`0x${shortHash(JSON.stringify(parts), 64)}`)
    .toString(36)
    .slice(-KEY_LENGTH)
    .padStart(KEY_LENGTH, '0');
}

/** Collects user files from the disk as it is now. One per build: settings are read once. */
export class UserFiles {
  readonly #options: UserFilesOptions;
  readonly #scopes: PackageScopes;
  readonly #tsOptions: TsOptionsReader;

  constructor(options: UserFilesOptions) {
    this.#options = options;
    this.#scopes = new PackageScopes(options.disk);
    this.#tsOptions = new TsOptionsReader(options.disk);
  }

  /** The files and all user files that they reach. @throws ResproutError TRANSFORM_SYNTAX, TRANSFORM_UNSUPPORTED, STORE_IO */
  collect(starts: readonly string[]): GraphPart {
    const files = new Map<string, string>();
    const tables = new Map<string, FileTable>();
    const resolution = new Map<string, FileResolution>();
    const problems: BuildProblem[] = [];
    const queue = [...starts];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (files.has(file) || this.#options.have(file)) continue;
      const table = this.#table(file);
      if (table === undefined) continue;
      files.set(file, table.key);
      tables.set(file, table);
      const targets = this.#resolve(file, table, problems);
      resolution.set(file, targets);
      for (const target of Object.values(targets)) if (isFileTarget(target) && isUserFile(target, this.#options.own)) queue.push(target);
    }
    return { files, tables, resolution, problems };
  }

  /** Whether the store has all artefacts of a key. */
  isWhole(key: string, file: string): boolean {
    return this.#options.store.table(key, this.#names(file.endsWith('.json'))) !== undefined;
  }

  /** The table of a file as it is on the disk now; undefined when it is gone or cannot be built any more. @throws ResproutError STORE_IO, and the system's error */
  remake(file: string): FileTable | undefined {
    try {
      return this.#table(file);
    } catch (thrown) {
      const error = toError(thrown);
      if (isSystemError(error) || codeOf(error) === 'STORE_IO') throw error;
      // The file has changed into something else: its recorded copy is what was asked for, and the caller says that it is gone.
      return undefined;
    }
  }

  #names(isJson: boolean): readonly string[] {
    return [LOWERED, LOWERED_MAP, ...(isJson ? [] : (this.#options.extend?.fileNames ?? []))];
  }

  #resolve(file: string, table: FileTable, problems: BuildProblem[]): FileResolution {
    const found: [string, ModuleTarget][] = [];
    for (const { kind, specifier } of table.imports) {
      const importKind: ImportKind = tableKind(kind);
      const resolved = this.#options.resolver.resolve(file, specifier, importKind);
      if ('missing' in resolved) {
        const message = `Cannot find '${specifier}' imported from ${table.path}`;
        problems.push({ code: 'BUILD_MODULE_MISSING', file, specifier, importKind, message });
      } else found.push([`${importKind}:${specifier}`, resolved.target]);
    }
    return Object.fromEntries(found);
  }

  /** The table of a file, from the store or made now; undefined for what is neither code nor data. */
  #table(file: string): FileTable | undefined {
    const { disk, root, store, versions, extend, counts } = this.#options;
    const source = disk.readText(file);
    if (source === undefined) throw new ResproutError('RUN_FILE_MISSING', `${file} went away while the program was built`);
    const format = formatOf(file, source, this.#scopes);
    if (format === undefined) return undefined;
    const options = this.#tsOptions.forFolder(dirname(file));
    const path = relative(root, file);
    const key = keyOf([versions, format, options, file, path, source]);
    const known = store.table(key, this.#names(format === 'json'));
    if (known !== undefined) {
      counts.read += 1;
      return known;
    }
    const made: MadeArtefacts =
      format === 'json' ? makeJson(key, path, source) : makeArtefacts(key, { file, path, format, source, options }, extend);
    counts.made += 1;
    store.write(key, made.files, made.table, made.extra);
    return made.table;
  }
}
