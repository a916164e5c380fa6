import { transformSync, type OxcError } from 'oxc-transform';
import { pathToFileURL } from 'node:url';
import { ResproutError } from '../../base/errors/errors.ts';
import { lineStarts, placeIn, type RawSourceMap } from './source-map.ts';
import type { TsOptions } from './ts-options.ts';

/** A text without types, and map A to the text it was made from. */
export interface LoweredText {
  readonly code: string;
  readonly map: RawSourceMap;
}

/** One user file before lowering. `source` has no byte order mark. */
export interface SourceFile {
  readonly file: string;
  /** Relative to the project root. */
  readonly path: string;
  readonly format: 'module' | 'commonjs';
  readonly source: string;
  readonly options: TsOptions;
}

type Language = 'ts' | 'tsx' | 'js' | 'jsx';

function languageOf(file: string): Language {
  if (file.endsWith('.tsx')) return 'tsx';
  if (file.endsWith('.jsx')) return 'jsx';
  return /\.[cm]?ts$/.test(file) ? 'ts' : 'js';
}

/** oxc counts bytes of UTF-8; everything here counts UTF-16 units. */
function unitsBefore(text: string, bytes: number): number {
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).length;
}

function syntaxError(from: SourceFile, error: OxcError): ResproutError {
  const at = placeIn(lineStarts(from.source), unitsBefore(from.source, error.labels[0]?.start ?? 0));
  return new ResproutError('TRANSFORM_SYNTAX', `${from.path}:${at.line}:${at.column}: ${error.message}`, {
    at: { file: from.path, ...at },
    tried: `to read ${from.path}`,
    saw: error.helpMessage ?? error.message,
  });
}

/**
 * Takes the types out, JavaScript files too (so that the text is canonical). A hashbang becomes a comment of the same length.
 * @throws ResproutError TRANSFORM_SYNTAX with the place in the source
 */
export function lower(from: SourceFile): LoweredText {
  const { options } = from;
  const result = transformSync(from.file, from.source, {
    target: 'esnext',
    sourcemap: true,
    lang: languageOf(from.file),
    sourceType: from.format,
    decorator: options.legacyDecorators ? { legacy: true, emitDecoratorMetadata: options.decoratorMetadata } : {},
    jsx: {
      runtime: options.classicJsx ? 'classic' : 'automatic',
      ...(options.jsxImportSource === undefined ? {} : { importSource: options.jsxImportSource }),
    },
    typescript: { onlyRemoveTypeImports: options.keepUnusedImports },
  });
  const [error] = result.errors;
  if (error !== undefined) throw syntaxError(from, error);
  const code = result.code.startsWith('#!') ? `//${result.code.slice(2)}` : result.code;
  const { mappings = '', names = [] } = result.map ?? {};
  return { code, map: { version: 3, sources: [pathToFileURL(from.file).href], names, mappings } };
}
