// Where artefacts lie: `files/<key>/…`, `<id>.json`, `<id>.late.jsonl`.
// 1. A folder of `files/` is complete once it has table.json, which is written last.
// 2. Everything is content-addressed: a file that is there is never written again.
// 3. What is used has a time of this hour: builds that nobody has used for a day may be removed (unused-builds.ts).
// 4. Without a folder everything stays in memory; a cache that cannot be written goes on in memory.
import { parseLateLines, parseManifest, parseTable } from '../../base/builds/build-parse.ts';
import type { BuildManifest, FileTable, LateFiles } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { realClock } from '../../platform/time/clock.ts';

export interface BuildStoreOptions {
  readonly disk: Disk;
  /** For artefacts alone. */
  readonly artefactDisk: Disk;
  readonly folder: string | undefined;
  /** Whether a failed write is an error. A plain program's cache may fail, a session's build may not. */
  readonly mustKeep: boolean;
}

const TABLE = 'table.json';
const SAID_MS = 3_600_000;
const SAFE_NAME = /^[\w.-]+$/;

const byteLength = (text: string): number => Buffer.byteLength(text);

/** Sizes of the artefacts beside a table, in bytes: a power cut leaves short files behind. */
function textSizes(table: unknown): ReadonlyMap<string, unknown> {
  if (typeof table !== 'object' || table === null || !('sizes' in table)) return new Map();
  return new Map(Object.entries(table.sizes ?? {}));
}

/** A table with the sizes of what lies beside it; undefined when it is damaged: what it was made from is at hand, and it is made again. */
function tableIn(text: string): { readonly table: FileTable; readonly sizes: ReadonlyMap<string, unknown> } | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return { table: parseTable(content), sizes: textSizes(content) };
  } catch {
    return undefined;
  }
}

/** The artefacts of all builds of one folder. */
export class BuildStore {
  readonly #disk: Disk;
  readonly #artefactDisk: Disk;
  readonly #mustKeep: boolean;
  readonly #memory = new Map<string, string>();
  readonly #tables = new Map<string, FileTable>();
  readonly #folder: string | undefined;
  #writable: boolean;

  constructor(options: BuildStoreOptions) {
    this.#disk = options.disk;
    this.#artefactDisk = options.artefactDisk;
    this.#folder = options.folder;
    this.#writable = options.folder !== undefined;
    this.#mustKeep = options.mustKeep;
  }

  /** The table of a file whose folder has all of `names`; undefined when it must be made (again). @throws the system's error: what cannot be read is not missing */
  table(key: string, names: readonly string[]): FileTable | undefined {
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const text = this.text(key, TABLE);
    const parsed = text === undefined ? undefined : tableIn(text);
    if (parsed === undefined) return undefined;
    const { table, sizes } = parsed;
    if (!names.every((name) => sizes.get(name) === this.#bytes(`files/${key}/${name}`))) return undefined;
    if (!this.#use(`files/${key}/${TABLE}`)) return undefined;
    this.#tables.set(key, table);
    return table;
  }

  text(key: string, name: string): string | undefined {
    return this.#read(`files/${key}/${name}`);
  }

  /** Writes all artefacts of one file, the table last. */
  write(key: string, files: Readonly<Record<string, string>>, table: FileTable, extra: Readonly<Record<string, unknown>>): void {
    this.#tables.set(key, table);
    const sizes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, byteLength(text)]));
    for (const [name, text] of Object.entries(files)) this.#replace(`files/${key}/${name}`, text, this.#artefactDisk);
    this.#replace(`files/${key}/${TABLE}`, JSON.stringify({ ...extra, ...table, sizes }), this.#artefactDisk);
  }

  /** @throws ResproutError BUILD_FILE_MISSING when it is damaged */
  manifest(id: string): BuildManifest | undefined {
    const text = SAFE_NAME.test(id) ? this.#read(`${id}.json`) : undefined;
    if (text === undefined) return undefined;
    return this.#parsed(`${id}.json`, () => parseManifest(JSON.parse(text)));
  }

  writeManifest(manifest: BuildManifest): void {
    if (!this.#use(`${manifest.id}.json`)) this.#replace(`${manifest.id}.json`, JSON.stringify(manifest));
  }

  /** @throws ResproutError BUILD_FILE_MISSING when it is damaged */
  late(id: string): readonly LateFiles[] {
    const name = `${id}.late.jsonl`;
    const text = this.#read(name) ?? '';
    return this.#parsed(name, () => parseLateLines(text));
  }

  appendLate(id: string, late: LateFiles): void {
    const name = `${id}.late.jsonl`;
    const line = `${JSON.stringify(late)}\n`;
    const before = this.#read(name) ?? '';
    // A line that a crash cut off is ended, so that the next one stands alone; the reader skips what is no JSON only at the end.
    if (before !== '' && !before.endsWith('\n')) return this.#replace(name, before.slice(0, before.lastIndexOf('\n') + 1) + line);
    return this.#try(name, before + line, (path) => this.#disk.append(path, line));
  }

  #parsed<T>(name: string, parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      throw new ResproutError(
        'BUILD_FILE_MISSING',
        `${this.#folder ?? 'memory'}/${name} is damaged`,
        { saw: String(error) },
        { cause: error },
      );
    }
  }

  #read(name: string): string | undefined {
    return this.#memory.get(name) ?? (this.#folder === undefined ? undefined : this.#disk.readText(`${this.#folder}/${name}`));
  }

  /** Size of an entry; undefined when it is not there. */
  #bytes(name: string): number | undefined {
    const kept = this.#memory.get(name);
    if (kept !== undefined) return byteLength(kept);
    return this.#folder === undefined ? undefined : this.#disk.stat(`${this.#folder}/${name}`)?.bytes;
  }

  /** Says that an entry is used; false when it is not there. */
  #use(name: string): boolean {
    if (this.#memory.has(name)) return true;
    const path = `${this.#folder ?? ''}/${name}`;
    const facts = this.#folder === undefined ? undefined : this.#disk.stat(path);
    if (facts === undefined) return false;
    return realClock.wallMs() - facts.modifiedMs < SAID_MS || this.#disk.touch(path);
  }

  #replace(name: string, text: string, disk: Disk = this.#disk): void {
    this.#try(name, text, (path) => disk.writeAtomic(path, text));
  }

  #try(name: string, text: string, write: (path: string) => void): void {
    if (this.#folder === undefined || !this.#writable) {
      this.#memory.set(name, text);
      return;
    }
    const path = `${this.#folder}/${name}`;
    try {
      this.#disk.makeFolder(path.slice(0, path.lastIndexOf('/')));
      write(path);
    } catch (error) {
      if (this.#mustKeep) throw new ResproutError('STORE_IO', `${path} could not be written`, { saw: String(error) }, { cause: error });
      this.#writable = false;
      this.#memory.set(name, text);
    }
  }
}
