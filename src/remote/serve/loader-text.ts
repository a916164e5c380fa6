import type { Program } from 'acorn';
import type { FunctionEntry } from '../../base/build.ts';
import { functionTable, lineStarts, parseText, placeIn, type Place } from '../../modules/index.ts';
import { entryAtOffset } from './find-entry.ts';
import { offsetOf } from './same-text.ts';

function parsed(text: string): Program | undefined {
  for (const format of ['module', 'commonjs'] as const) {
    try {
      return parseText(text, format);
    } catch {
      // The other kind is tried; a text that is neither has no functions that could be found.
    }
  }
  return undefined;
}

/** tsx puts a CommonJS file into `(()=>{ … })()`: its body is the top level. */
function unwrapped(program: Program): Program {
  const calls = program.body.flatMap((statement) =>
    statement.type === 'ExpressionStatement' && statement.expression.type === 'CallExpression' ? [statement.expression] : [],
  );
  const [call] = calls;
  if (calls.length !== 1 || program.body.length > 3 || call === undefined) return program;
  let { callee } = call;
  while (callee.type === 'ParenthesizedExpression') callee = callee.expression;
  if (callee.type !== 'ArrowFunctionExpression' && callee.type !== 'FunctionExpression') return program;
  return callee.body.type === 'BlockStatement' ? { ...program, body: callee.body.body } : program;
}

/** Names in esbuild's table of getters: `__export(x, { far: () => far })`. */
function exportedAs(text: string, local: string): readonly string[] {
  const name = local.replaceAll('$', String.raw`\$`);
  return [...text.matchAll(new RegExp(String.raw`(\w+|"[^"]+"):\s*\(\)\s*=>\s*${name}(?![\w$])`, 'g'))].map(([, key = '']) =>
    key.replaceAll('"', ''),
  );
}

/**
 * The function at a place of the text that a loader gave V8; undefined when there is none. `exports` are the names under which the first
 * name of its path is exported: loaders give anonymous defaults a name of their own.
 */
export function entryInLoaderText(text: string, line: number, column: number): FunctionEntry | undefined {
  const program = parsed(text);
  const offset = offsetOf(text, line, column);
  if (program === undefined || offset === undefined) return undefined;
  const starts = lineStarts(text);
  const placeOf = (at: number): Place => placeIn(starts, at);
  const origin = { placeOf, placeAfter: placeOf };
  const { functions, exportsOf } = functionTable(text, unwrapped(program), origin);
  const entry = entryAtOffset(functions, offset);
  const [local] = entry?.path ?? [];
  return entry && local !== undefined ? { ...entry, exports: [...(exportsOf.get(local) ?? []), ...exportedAs(text, local)] } : entry;
}
