import type { FileTable } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { createBuilder } from '../../modules/index.ts';
import type { Build, Builder } from '../../modules/index.ts';

/** The build of the program that this process runs. Made once, at the first question; later edits do not reach it. */
export class ProgramBuild {
  readonly #disk: Disk;
  readonly #entry: string | undefined;
  readonly #texts = new Map<string, string>();
  readonly builder: Builder;
  #build: Build | undefined;

  constructor(disk: Disk, entryFile: string | undefined, cacheFolder: string | undefined) {
    this.#disk = disk;
    this.builder = createBuilder({ disk, cacheFolder, cacheMayFail: true });
    const entry = entryFile === undefined ? undefined : disk.realPath(entryFile);
    const isProgram = entry !== undefined && /\.(?:[cm]?[jt]s|[jt]sx)$/.test(entry) && this.builder.isUserFile(entry);
    this.#entry = isProgram ? entry : undefined;
  }

  /** The build, with `file` in it. A program without a file of its own (`-e`) is built from the first file that is asked for. */
  withFile(file: string): Build {
    const build = (this.#build ??= this.#make(this.#entry ?? file));
    if (!build.has(file)) {
      this.builder.addFile(build, file);
      this.#keepTexts(build);
    }
    return build;
  }

  /** The build of the program; undefined while there is no file to build. */
  whole(): Build | undefined {
    if (this.#build === undefined && this.#entry !== undefined) this.#build = this.#make(this.#entry);
    return this.#build;
  }

  /** The text of a user file as it was when it was built, without byte order mark. */
  source(file: string): string | undefined {
    return this.#texts.get(file);
  }

  table(file: string): FileTable {
    return this.withFile(file).artefacts(file).table;
  }

  /** Real paths of the program's user files. */
  files(): readonly string[] {
    return [...(this.whole()?.files() ?? [])];
  }

  /** Every target that an import of the program's user files leads to. */
  targets(): ReadonlySet<string> {
    const build = this.whole();
    const tables = build === undefined ? [] : [build.manifest, ...build.late].flatMap(({ resolution }) => Object.values(resolution));
    return new Set(tables.flatMap((table) => Object.values(table)));
  }

  #make(entry: string): Build {
    const build = this.builder.build(entry);
    this.#keepTexts(build);
    return build;
  }

  #keepTexts(build: Build): void {
    for (const file of build.files()) {
      if (this.#texts.has(file)) continue;
      const text = this.#disk.readText(file);
      if (text !== undefined) this.#texts.set(file, text);
    }
  }
}
