import type { Program } from 'acorn';
import type { FunctionEntry } from '../../base/builds/build.ts';
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

/** The statements of a function that a statement consists of, or that it calls; undefined when it is another one. */
function bodyOf(statement: Program['body'][number]): { readonly body: Program['body']; readonly isCalled: boolean } | undefined {
  if (statement.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  const isCalled = expression.type === 'CallExpression';
  let fn = isCalled ? expression.callee : expression;
  while (fn.type === 'ParenthesizedExpression') fn = fn.expression;
  if (fn.type !== 'ArrowFunctionExpression' && fn.type !== 'FunctionExpression') return undefined;
  return fn.body.type === 'BlockStatement' ? { body: fn.body.body, isCalled } : undefined;
}

/** The statements of a file that a loader puts into a function: tsx into `(()=>{ … })()`, vitest into `async (…)=>{{ … }}`. */
function unwrapped(program: Program): Program {
  const [wrapper, ...others] = program.body.flatMap((statement) => bodyOf(statement) ?? []);
  if (wrapper === undefined || others.length > 0 || program.body.length > 3) return program;
  const [block, ...more] = wrapper.body;
  return { ...program, body: block?.type === 'BlockStatement' && more.length === 0 ? block.body : wrapper.body };
}

/** Whether a text is a function that nobody calls: a loader made it, and it cannot be compared with the file. */
export function isWrapped(text: string): boolean {
  const statements = parsed(text)?.body.filter((statement) => !('directive' in statement)) ?? [];
  const [first, ...more] = statements;
  return first !== undefined && more.length === 0 && bodyOf(first)?.isCalled === false;
}

/** Names in esbuild's table of getters, `__export(x, { far: () => far })`, and in vite's calls, `…exportName__("far", () => { try { return far } …`. */
function exportedAs(text: string, local: string): readonly string[] {
  const name = local.replaceAll('$', String.raw`\$`);
  const forms = [
    String.raw`(\w+|"[^"]+"):\s*\(\)\s*=>\s*${name}(?![\w$])`,
    String.raw`__vite_ssr_exportName__\(("[^"]+"), \(\) => \{ try \{ return ${name}(?![\w$])`,
  ];
  return forms.flatMap((form) => [...text.matchAll(new RegExp(form, 'g'))].map(([, key = '']) => key.replaceAll('"', '')));
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
