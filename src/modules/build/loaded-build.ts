import type { BuildManifest, FileResolution, LateFiles, ModuleTarget } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Build, FileArtefacts } from './build-object.ts';
import type { BuildStore } from './build-store.ts';
import { LOWERED, LOWERED_MAP } from './make-artefacts.ts';

/** A build in memory. Only its builder adds to it. */
export class LoadedBuild implements Build {
  readonly manifest: BuildManifest;
  readonly late: LateFiles[] = [];
  readonly #store: BuildStore;
  readonly #keys = new Map<string, string>();
  readonly #resolution = new Map<string, FileResolution>();
  readonly #artefacts = new Map<string, FileArtefacts>();

  constructor(manifest: BuildManifest, late: readonly LateFiles[], store: BuildStore) {
    this.manifest = manifest;
    this.#store = store;
    this.#lay(manifest);
    for (const one of late) this.addLate(one);
  }

  get id(): string {
    return this.manifest.id;
  }

  keys(): Iterable<[string, string]> {
    return this.#keys;
  }

  files(): Iterable<string> {
    return this.#keys.keys();
  }

  has(file: string): boolean {
    return this.#keys.has(file);
  }

  targetOf(from: string, request: string): ModuleTarget | undefined {
    const table = this.#resolution.get(from);
    return table !== undefined && Object.hasOwn(table, request) ? table[request] : undefined;
  }

  /** Files that user files import without being user files themselves: what `root` requests for packages may name. */
  importsOf(): ReadonlySet<ModuleTarget> {
    return new Set([...this.#resolution.values()].flatMap((table) => Object.values(table)));
  }

  /** Whether the class of a package is known. */
  hasPackage(name: string): boolean {
    return Object.hasOwn(this.manifest.packages, name) || this.late.some(({ packages }) => Object.hasOwn(packages, name));
  }

  artefacts(file: string): FileArtefacts {
    const known = this.#artefacts.get(file);
    if (known !== undefined) return known;
    const key = this.#keys.get(file);
    if (key === undefined) throw new ResproutError('BUILD_FILE_MISSING', `${file} is not part of build ${this.id}`);
    const made = readArtefacts(this.#store, key, file);
    this.#artefacts.set(file, made);
    return made;
  }

  addLate(late: LateFiles): void {
    this.late.push(late);
    this.#lay(late);
  }

  #lay(part: { readonly files: Readonly<Record<string, string>>; readonly resolution: Readonly<Record<string, FileResolution>> }): void {
    for (const [file, key] of Object.entries(part.files)) this.#keys.set(file, key);
    for (const [file, table] of Object.entries(part.resolution)) this.#resolution.set(file, { ...this.#resolution.get(file), ...table });
  }
}

function readArtefacts(store: BuildStore, key: string, file: string): FileArtefacts {
  const table = store.table(key, [LOWERED, LOWERED_MAP]);
  if (table === undefined) throw new ResproutError('BUILD_FILE_MISSING', `the build's copy of ${file} (${key}) is gone or damaged`);
  const text = (name: string): string => {
    const found = store.text(key, name);
    if (found === undefined) throw new ResproutError('BUILD_FILE_MISSING', `${name} of ${file} (${key}) is gone from the build`);
    return found;
  };
  return {
    key,
    table,
    get lowered(): string {
      return text(LOWERED);
    },
    get loweredMap(): string {
      return text(LOWERED_MAP);
    },
  };
}
