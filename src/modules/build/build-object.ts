import type { BuildManifest, FileTable, LateFiles, ModuleTarget } from '../../base/builds/build.ts';

/** The artefacts of one user file, read when asked for. */
export interface FileArtefacts {
  readonly key: string;
  readonly table: FileTable;
  /** The text that far contexts run, without accessor and map. */
  readonly lowered: string;
  /** JSON text of map A; empty for JSON files. */
  readonly loweredMap: string;
}

/**
 * One build: a manifest, what computed imports added to it since, and the artefacts of its files.
 * Owner: the builder that made it. Late files are added by `Builder.addLate` alone; the id never changes.
 */
export interface Build {
  readonly id: string;
  readonly manifest: BuildManifest;
  /** What computed imports added, in order. */
  readonly late: readonly LateFiles[];
  /** Absolute paths of all user files, late ones too. */
  files(): Iterable<string>;
  has(file: string): boolean;
  /** @throws ResproutError BUILD_FILE_MISSING (no user file of the build, or its artefacts are gone) */
  artefacts(file: string): FileArtefacts;
  /** Where an import of a user file leads (`i:./ops.ts`), late ones too; undefined when the build does not know it. */
  targetOf(from: string, request: string): ModuleTarget | undefined;
}
