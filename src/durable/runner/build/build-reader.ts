// Reads builds from the store's `builds` folder: manifests, late files, tables, module functions and maps. No parser and no lowering here.
// 1. A table is read once per key and process; texts are read when asked for and not kept.
// 2. The text of functions is read for `Function.prototype.toString`, the lowered text for JSON files only.
import { parseLateLines, parseManifest, parseTable } from '../../../base/builds/build-parse.ts';
import type { BuildManifest, FileTable, LateFiles } from '../../../base/builds/build.ts';
import type { Disk } from '../../../base/seams/disk.ts';
import { ResproutError } from '../../../base/errors/errors.ts';
import { parseModuleForm } from '../../../base/builds/module-form-parse.ts';
import type { ModuleForm } from '../../../base/builds/module-form.ts';

export interface BuildReaderOptions {
  /** The folder that has `files/` and `<id>.json`. */
  readonly folder: string;
  readonly disk: Disk;
}

/** What the table of a user file says, with what the transform added. */
export interface FileFacts {
  readonly key: string;
  readonly table: FileTable;
  readonly form: ModuleForm;
}

const SAFE_NAME = /^[0-9a-z]+$/;

export class BuildReader {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #facts = new Map<string, FileFacts>();

  constructor(options: BuildReaderOptions) {
    this.#folder = options.folder;
    this.#disk = options.disk;
  }

  /** The manifest of a build. @throws ResproutError BUILD_FILE_MISSING (also when damaged) */
  manifest(id: string): BuildManifest {
    return this.#parse(`${id}.json`, (text) => parseManifest(JSON.parse(text)));
  }

  /** The late files that a build has by now, mostly none. @throws ResproutError BUILD_FILE_MISSING when damaged */
  late(id: string): readonly LateFiles[] {
    const name = `${id}.late.jsonl`;
    return this.#disk.readText(`${this.#folder}/${name}`) === undefined ? [] : this.#parse(name, parseLateLines);
  }

  /** Table and form of a file by its key. @throws ResproutError BUILD_FILE_MISSING */
  facts(key: string): FileFacts {
    const known = this.#facts.get(key);
    if (known !== undefined) return known;
    const facts = this.#parse(`files/${safe(key)}/table.json`, (text) => {
      const value: unknown = JSON.parse(text);
      return { key, table: parseTable(value), form: parseModuleForm(value) };
    });
    this.#facts.set(key, facts);
    return facts;
  }

  /** The module function of a file. @throws ResproutError BUILD_FILE_MISSING */
  moduleText(key: string): string {
    return this.#text(`files/${safe(key)}/module.js`);
  }

  /** The map of the module function. @throws ResproutError BUILD_FILE_MISSING */
  moduleMap(key: string): string {
    return this.#text(`files/${safe(key)}/module.js.map`);
  }

  /** The text of which `toString` of a function shows a part. A build of an older version has none but the lowered one. @throws ResproutError BUILD_FILE_MISSING */
  shownText(key: string): string {
    return this.#disk.readText(`${this.#folder}/files/${safe(key)}/shown.js`) ?? this.loweredText(key);
  }

  /** The lowered text; of a JSON file its text. @throws ResproutError BUILD_FILE_MISSING */
  loweredText(key: string): string {
    return this.#text(`files/${safe(key)}/lowered.js`);
  }

  #text(name: string): string {
    const text = this.#disk.readText(`${this.#folder}/${name}`);
    if (text === undefined) throw missing(`${this.#folder}/${name}`, 'no such file');
    return text;
  }

  #parse<T>(name: string, parse: (text: string) => T): T {
    const text = this.#text(name);
    try {
      return parse(text);
    } catch (error) {
      throw missing(`${this.#folder}/${name}`, String(error), error);
    }
  }
}

/** A key comes from a manifest or from the text of a function: it never leads out of the folder. */
function safe(key: string): string {
  if (!SAFE_NAME.test(key)) throw missing(key, 'not a key');
  return key;
}

function missing(path: string, saw: string, cause?: unknown): ResproutError {
  return new ResproutError(
    'BUILD_FILE_MISSING',
    `${path} of the recorded build cannot be read: ${saw}`,
    { tried: `to read ${path}`, saw },
    { cause },
  );
}
