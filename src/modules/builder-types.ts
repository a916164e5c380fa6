import type { DataFile, ImportKind, LateFiles, ModuleBatch, ModuleTarget } from '../base/builds/build.ts';
import type { Disk } from '../base/seams/disk.ts';
import type { Build } from './build/build-object.ts';
import type { Closure } from './closure/closure-types.ts';
import type { DataRequest } from './closure/data-files.ts';
import type { ServedList } from './closure/served.ts';
import type { FileExtension } from './file-extension.ts';
import type { PackageReport } from './packages/classify.ts';

export interface BuilderOptions {
  /** Project root: paths in messages and journals are relative to it. Default: folder of the nearest package.json of the first entry built. */
  readonly root?: string | undefined;
  /** Folder that gets `files/` and `<id>.json`; undefined keeps everything in memory. */
  readonly cacheFolder?: string | undefined;
  /** A failed write to the cache folder is no error: from then on new files stay in memory. For plain programs. */
  readonly cacheMayFail?: boolean | undefined;
  readonly disk: Disk;
  /**
   * Writes artefacts; `disk` when absent. One that does not sync makes the first build of a large program many times faster: artefacts that
   * a power cut takes are made again from the same source. Manifests and late files always go through `disk`.
   */
  readonly artefactDisk?: Disk | undefined;
  /** Adds artefacts of its own beside ours, from the same parse. */
  readonly extend?: FileExtension | undefined;
  /** Classifies the packages that a program imports: for sessions. */
  readonly classifyPackages?: boolean | undefined;
  /** Keeps what files of packages use, for all projects of a user; undefined keeps it in memory. */
  readonly scanFolder?: string | undefined;
}

/** Counts of one builder, for tests and reports. */
export interface BuilderStats {
  /** Files lowered and parsed. */
  readonly made: number;
  /** Files whose artefacts were taken from the cache folder. */
  readonly read: number;
}

/** A far side that asks for a module. */
export interface FarAsker {
  /** Patterns of files that the opener of its context lets it load besides, relative to the project root. */
  readonly serve: readonly string[];
}

/** Makes builds: lowers, resolves, caches by content. One per store or plain process; synchronous; not shared between threads. */
export interface Builder {
  readonly stats: BuilderStats;
  /**
   * Builds the program of an entry file: every user file reachable by static import, literal `import()` and literal require.
   * The same texts, packages and tools give the same id.
   * @throws ResproutError TRANSFORM_SYNTAX, TRANSFORM_UNSUPPORTED, RUN_FILE_MISSING, and what the extension throws; each names file, line, column
   */
  build(entryFile: string): Build;
  /**
   * A build made before, with its late files. Damaged artefacts are made again while the file on disk still has the same text.
   * @throws ResproutError BUILD_FILE_MISSING with the file whose copy is gone
   */
  open(id: string): Build;
  /**
   * Adds what a computed `import()` or require asks for; on disk before it returns. The build keeps its id; asked again, gives the same answer.
   * @param far given when a far side asks, which gets what the serving policy allows; the user's own program on this machine may import what it likes
   * @throws ResproutError REMOTE_MODULE_DENIED, REMOTE_MODULE_MISSING, or of the builder when the new file cannot be built
   */
  addLate(build: Build, from: string, specifier: string, kind: ImportKind, far?: FarAsker): LateFiles;
  /**
   * A data file that a far side reads beside a module, as it is on the disk now.
   * @throws ResproutError REMOTE_MODULE_DENIED, REMOTE_MODULE_MISSING
   */
  dataFile(build: Build, request: DataRequest): DataFile;
  /** Adds a user file that nothing imports, with all it reaches, as `addLate` does (a loader may run files that the graph does not show). */
  addFile(build: Build, file: string): LateFiles;
  /** The packages that the program of a build imports, looked at now: what decides how they are treated. */
  packagesOf(build: Build): readonly PackageReport[];
  /** Everything a far context needs for one target, policy checked. Cached per build and target. @throws ResproutError REMOTE_MODULE_DENIED */
  closureOf(build: Build, target: ModuleTarget): Closure;
  /** What far sides of a program may get, for people. */
  servedOf(build: Build): ServedList;
  /** The closure less the files in `have`, as it goes over the wire. @throws ResproutError REMOTE_MODULE_DENIED */
  closure(build: Build, target: ModuleTarget, have: ReadonlySet<string>): ModuleBatch;
  /** Whether a real path is a user file: no `node_modules` segment, not this package. */
  isUserFile(file: string): boolean;
}
