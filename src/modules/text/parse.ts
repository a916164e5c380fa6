import { parse as acornParse, type Program } from 'acorn';
import { ResproutError } from '../../base/errors/errors.ts';
import type { SourceFile } from './lower.ts';
import type { OriginFinder } from './source-map.ts';

const DECORATORS =
  'standard decorators and `accessor` cannot run yet: set experimentalDecorators in tsconfig.json for the old form, or use a plain function';

function positionOf(error: SyntaxError): number {
  return 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
}

/**
 * The one parse of a lowered text. What oxc passed and acorn refuses is a form that V8 refuses too.
 * @throws ResproutError TRANSFORM_UNSUPPORTED with the place in the source
 */
export function parseLowered(from: SourceFile, lowered: string, origin: OriginFinder): Program {
  try {
    return parseText(lowered, from.format);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = positionOf(error);
    const place = origin.placeOf(position);
    const isDecorator = lowered[position] === '@' || /^\s*(?:static\s+)?accessor\b/.test(lineAround(lowered, position));
    const what = isDecorator ? DECORATORS : error.message.replace(/ \(\d+:\d+\)$/, '');
    const at = { file: from.path, ...place };
    throw new ResproutError('TRANSFORM_UNSUPPORTED', `${from.path}:${place.line}:${place.column}: ${what}`, { at }, { cause: error });
  }
}

function lineAround(text: string, position: number): string {
  return text.slice(text.lastIndexOf('\n', position - 1) + 1, position + 20);
}

/** Parses JavaScript as a module or as a CommonJS file. Offsets are UTF-16 units. @throws SyntaxError */
export function parseText(text: string, format: 'module' | 'commonjs'): Program {
  return acornParse(text, {
    ecmaVersion: 'latest',
    sourceType: format === 'module' ? 'module' : 'script',
    preserveParens: true,
    allowHashBang: true,
    allowReturnOutsideFunction: format === 'commonjs',
  });
}
