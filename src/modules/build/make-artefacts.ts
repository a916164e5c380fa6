import type { Program } from 'acorn';
import type { FileTable } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { hasCommonJsDefault, heldFunctions } from '../imports/commonjs-default.ts';
import type { FileExtension, ParsedFile } from '../file-extension.ts';
import { functionTable } from '../functions/function-table.ts';
import { commonJsExports, moduleExports, userImports } from '../imports/imports.ts';
import { lower, type SourceFile } from '../text/lower.ts';
import { namedImports, starExports } from '../imports/named-imports.ts';
import { parseLowered } from '../text/parse.ts';
import { decodeMappings, originFinder } from '../text/source-map.ts';
import { unguardedStatements } from '../imports/unguarded.ts';

/** What is written into `files/<key>/`. */
export interface MadeArtefacts {
  readonly files: Readonly<Record<string, string>>;
  readonly table: FileTable;
  /** Fields of the table that an extension added. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export const LOWERED = 'lowered.js';
export const LOWERED_MAP = 'lowered.js.map';

/** JSON is kept as it is. @throws ResproutError TRANSFORM_SYNTAX */
export function makeJson(key: string, path: string, text: string): MadeArtefacts {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ResproutError(
      'TRANSFORM_SYNTAX',
      `${path} is not valid JSON: ${String(error)}`,
      { tried: `to read ${path}` },
      { cause: error },
    );
  }
  const nothing = { functions: [], wrapped: {}, exports: ['default'], held: [], imports: [], unguarded: [], named: [], stars: [] };
  return { files: { [LOWERED]: text, [LOWERED_MAP]: '' }, table: { key, path, format: 'json', ...nothing }, extra: {} };
}

/** The names that Node finds, and `default` where `module.exports` is what a program begins with. */
function commonJsNames(lowered: string, program: Program): readonly string[] {
  const { names } = commonJsExports(lowered);
  return names.includes('default') || !hasCommonJsDefault(program, names) ? names : ['default', ...names];
}

/**
 * One user file: lowered once, parsed once; everything else comes from that parse.
 * @throws ResproutError TRANSFORM_SYNTAX, TRANSFORM_UNSUPPORTED, and what the extension throws
 */
export function makeArtefacts(key: string, from: SourceFile, extension: FileExtension | undefined): MadeArtefacts {
  const { code: lowered, map: loweredMap } = lower(from);
  const mappings = decodeMappings(loweredMap);
  const origin = originFinder(lowered, mappings);
  const program = parseLowered(from, lowered, origin);
  const { ordered, functions, wrapped } = functionTable(lowered, program, origin);
  const table: FileTable = {
    key,
    path: from.path,
    format: from.format,
    functions,
    wrapped,
    exports: from.format === 'module' ? moduleExports(lowered) : commonJsNames(lowered, program),
    held: from.format === 'commonjs' ? heldFunctions(program) : [],
    imports: userImports(lowered, program),
    unguarded: unguardedStatements(lowered, program, origin),
    named: namedImports(program, origin),
    stars: starExports(program),
  };
  const parsed: ParsedFile = {
    key,
    file: from.file,
    path: from.path,
    format: from.format,
    source: from.source,
    lowered,
    loweredMap,
    mappings,
    program,
    ordered,
    table,
    ...origin,
  };
  const added = extension?.extend(parsed);
  return { files: { [LOWERED]: lowered, [LOWERED_MAP]: JSON.stringify(loweredMap), ...added?.files }, table, extra: added?.table ?? {} };
}
