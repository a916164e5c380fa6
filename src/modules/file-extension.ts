import type { SourceMapMappings } from '@jridgewell/sourcemap-codec';
import type { Program } from 'acorn';
import type { FileTable } from '../base/builds/build.ts';
import type { OrderedNode } from './functions/function-order.ts';
import type { OriginFinder, RawSourceMap } from './text/source-map.ts';

/** One user file after lowering and the one parse: what an extension of the builder gets. */
export interface ParsedFile extends OriginFinder {
  /** Key of the file in `builds/files`, also part of the brands. */
  readonly key: string;
  /** Absolute real path. */
  readonly file: string;
  /** Path relative to the project root, with forward slashes. */
  readonly path: string;
  readonly format: 'module' | 'commonjs';
  /** The text on disk, without byte order mark. */
  readonly source: string;
  /** The text that far contexts run: no types, hashbang as a comment. */
  readonly lowered: string;
  /** Map A: lowered text to source. Its one source is the file url of `file`. */
  readonly loweredMap: RawSourceMap;
  /** Mappings of map A, decoded. */
  readonly mappings: SourceMapMappings;
  /** The lowered text as acorn parsed it (`preserveParens`, offsets in UTF-16 units). Not to be changed. */
  readonly program: Program;
  /** All functions and classes in the order of their brands: index = `n`. The same nodes as in `program`. */
  readonly ordered: readonly OrderedNode[];
  /** The table as written, without what extensions add. `table.functions[n]` belongs to `ordered[n]`. */
  readonly table: FileTable;
}

/** What an extension adds to the folder of a file. */
interface ExtraArtefacts {
  /** File name, such as `module.js`, to text. */
  readonly files: Readonly<Record<string, string>>;
  /** Fields laid over `table.json`, such as `sites`. They must not replace those of FileTable. */
  readonly table: Readonly<Record<string, unknown>>;
}

/**
 * Extends the builder: `durable/transform` adds module functions from the same parse. JSON files have nothing to extend.
 * @throws ResproutError TRANSFORM_UNSUPPORTED and others, from `extend`; the build fails with it.
 */
export interface FileExtension {
  /** Part of every file key and of the manifest's versions: a change of it makes every cached file stale. */
  readonly version: string;
  /** Names of the files that `extend` gives for every module: a cached folder without one of them is built again. */
  readonly fileNames: readonly string[];
  extend(file: ParsedFile): ExtraArtefacts;
}
