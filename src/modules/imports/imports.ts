import type { AnyNode, Program } from 'acorn';
import { init as initCommonJs, parse as parseCommonJs } from 'cjs-module-lexer';
import { init, parse as lexModule } from 'es-module-lexer/minimal';
import type { FileTable } from '../../base/builds/build.ts';
import { childrenOf } from '../text/ast.ts';
import { isFunctionNode } from '../functions/function-order.ts';
import { parseText } from '../text/parse.ts';
import { requireMakers } from './require-makers.ts';

await init();
await initCommonJs();

/** One specifier in a text: static import `i`, literal `import()` `d`, literal require `r`. */
export type FoundImport = FileTable['imports'][number];

/** Name under which es-module-lexer reports `import.meta`. */
const META = 3;

function distinct(found: readonly FoundImport[]): readonly FoundImport[] {
  const byKey = new Map(found.map((one) => [`${one.kind}:${one.specifier}`, one]));
  return [...byKey.values()];
}

function lexed(text: string): readonly FoundImport[] {
  return lexModule(text)[0].flatMap(({ n, d, t }) =>
    n === undefined || t === META ? [] : [{ kind: d > -1 ? 'd' : 'i', specifier: n } as const],
  );
}

/** The text of a literal argument. */
function literal(node: AnyNode | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

function requiresIn(source: string, program: Program): readonly FoundImport[] {
  const makers = requireMakers(source, program);
  const found: FoundImport[] = [];
  const visit = (node: AnyNode): void => {
    if (node.type === 'CallExpression') {
      const { callee } = node;
      const specifier = literal(node.arguments[0]);
      const isRequire = callee.type === 'Identifier' ? makers.names.has(callee.name) : makers.makes(callee);
      if (isRequire && specifier !== undefined) found.push({ kind: 'r', specifier });
    }
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return found;
}

/** Imports of a lowered user file. Requires in ES modules count too: of `import x = require()`, which lowers to one, and of `createRequire`. */
export function userImports(lowered: string, program: Program): readonly FoundImport[] {
  return distinct([...lexed(lowered), ...requiresIn(lowered, program)]);
}

const LITERAL_REQUIRE = /\brequire\s*\(\s*(?:"([^"\\\n]+)"|'([^'\\\n]+)')\s*\)/g;

/** Imports of a package file, without a parse: a require in a comment is found too, and harmless when it leads nowhere. */
export function packageImports(text: string, format: 'module' | 'commonjs'): readonly FoundImport[] {
  if (format === 'module') return distinct(lexed(text));
  const requires = [...text.matchAll(LITERAL_REQUIRE)].map(([, a, b]): FoundImport => ({ kind: 'r', specifier: a ?? b ?? '' }));
  return distinct([...requires, ...dynamicImportsIn(text)]);
}

function dynamicImportsIn(text: string): readonly FoundImport[] {
  if (!text.includes('import(')) return [];
  try {
    return lexed(text).filter(({ kind }) => kind === 'd');
  } catch {
    // A CommonJS text that the module lexer cannot read: its computed imports are asked for when they run.
    return [];
  }
}

/** Whether a CommonJS text requires a native add-on at its top level, outside try: then it cannot be loaded without it. */
export function requiresAtOnce(text: string): boolean {
  const visit = (node: AnyNode): boolean => {
    if (isFunctionNode(node) || node.type === 'TryStatement') return false;
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require') {
      const [first] = node.arguments;
      if (first?.type === 'Literal' && String(first.value).endsWith('.node')) return true;
    }
    return childrenOf(node).some(visit);
  };
  try {
    return visit(parseText(text, 'commonjs'));
  } catch {
    // A text that acorn cannot read says nothing for sure.
    return false;
  }
}

/** Export names of an ES module's own text; `export *` adds none. */
export function moduleExports(text: string): readonly string[] {
  return [...new Set(lexModule(text)[1].map(({ n }) => n))];
}

/** Names that Node finds in a CommonJS text, and what it hands on (`module.exports = require('./x')`). */
export function commonJsExports(text: string): { readonly names: readonly string[]; readonly from: readonly string[] } {
  try {
    const { exports, reexports } = parseCommonJs(text);
    return { names: exports, from: reexports };
  } catch {
    // As Node: a text that the lexer cannot read has no names, only a default.
    return { names: [], from: [] };
  }
}
