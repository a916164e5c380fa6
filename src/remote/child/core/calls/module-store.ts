// What a far process has of its builds, in memory. Two builds of one file live side by side: the build id is part of every url.
import type { ImportKind, ModuleBatch, ModuleTarget, ServedFile } from '../../../../base/builds/build.ts';
import { deferred, type Deferred } from '../../../../base/deferred.ts';

/** A file of a build, as a far url names it. */
export interface FarFile {
  readonly build: string;
  readonly path: string;
}

interface Build {
  /** Files that were read, by path. */
  readonly data: Map<string, Uint8Array>;
  readonly files: Map<string, ServedFile>;
  readonly resolution: Map<string, Readonly<Record<string, ModuleTarget>>>;
}

/** Files and resolution tables by build. */
export class ModuleStore {
  readonly #prefix: string;
  readonly #pattern: RegExp;
  readonly #builds = new Map<string, Build>();
  readonly #waiting = new Map<string, Deferred<void>>();

  /** @param secret letters and digits that no real path has */
  constructor(secret: string) {
    this.#prefix = `/${secret}-`;
    this.#pattern = new RegExp(`/${secret}-[0-9a-z]+(?=/)`, 'g');
  }

  /** A text without the prefix: errors, stacks and output show the controller's paths. */
  clean(text: string): string {
    return text.includes(this.#prefix) ? text.replace(this.#pattern, '') : text;
  }

  add(batch: ModuleBatch): void {
    let build = this.#builds.get(batch.build);
    if (build === undefined) this.#builds.set(batch.build, (build = { files: new Map(), resolution: new Map(), data: new Map() }));
    for (const file of batch.files) build.files.set(file.path, file);
    if (batch.data !== undefined) build.data.set(batch.data.path, batch.data.bytes);
    for (const [path, table] of Object.entries(batch.resolution)) build.resolution.set(path, { ...build.resolution.get(path), ...table });
    for (const file of batch.files) {
      const key = `${batch.build}${file.path}`;
      this.#waiting.get(key)?.resolve();
      this.#waiting.delete(key);
    }
  }

  /** Resolves when a file is there: the batch may still be under way behind the call that needs it. */
  arrived(build: string, path: string): Promise<void> | undefined {
    if (this.#builds.get(build)?.files.has(path) === true) return undefined;
    const key = `${build}${path}`;
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, (waiting = deferred()));
    return waiting.promise;
  }

  file(far: FarFile): ServedFile | undefined {
    return this.#builds.get(far.build)?.files.get(far.path);
  }

  /** The bytes of a data file that has come. */
  data({ build, path }: FarFile): Uint8Array | undefined {
    return this.#builds.get(build)?.data.get(path);
  }

  /** Paths of the modules of a build. */
  paths(build: string): Iterable<string> {
    return this.#builds.get(build)?.files.keys() ?? [];
  }

  target(from: FarFile, specifier: string, kind: ImportKind): ModuleTarget | undefined {
    const table = this.#builds.get(from.build)?.resolution.get(from.path);
    const key = `${kind}:${specifier}`;
    return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
  }

  /** The path that stands for a file on the far side. It exists on no disk. */
  farPath({ build, path }: FarFile): string {
    return `${this.#prefix}${build}${path}`;
  }

  /** Which file a far path names; undefined for any other path. */
  parsePath(path: string | undefined): FarFile | undefined {
    if (path?.startsWith(this.#prefix) !== true) return undefined;
    const rest = path.slice(this.#prefix.length);
    const slash = rest.indexOf('/');
    return slash < 1 ? undefined : { build: rest.slice(0, slash), path: rest.slice(slash) };
  }
}
