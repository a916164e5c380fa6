// Data files that a module names beside itself: `new URL('./x', import.meta.url)`, `join(import.meta.dirname, 'x')`, `path.join(__dirname, 'x')`.
// Only what is written out counts: what a program puts together while it runs is known to nobody before.
import type { AnyNode } from 'acorn';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bare, childrenOf } from '../text/ast.ts';
import { parseText } from '../text/parse.ts';

const isMeta = (node: AnyNode | undefined, name: string): boolean =>
  node?.type === 'MemberExpression' &&
  node.object.type === 'MetaProperty' &&
  node.property.type === 'Identifier' &&
  node.property.name === name;

/** The text of a literal, or of a template without values. */
function literal(node: AnyNode | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node?.type === 'TemplateLiteral' && node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
}

/** `join` and `resolve`, whatever holds them. */
function isJoin(callee: AnyNode): boolean {
  const name = callee.type === 'MemberExpression' ? callee.property : callee;
  return name.type === 'Identifier' && (name.name === 'join' || name.name === 'resolve');
}

function named(node: AnyNode, file: string): string | undefined {
  if (node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'URL') {
    const [first, second] = node.arguments.map(bare);
    const text = literal(first);
    if (text === undefined || !isMeta(second, 'url')) return undefined;
    const url = new URL(text, pathToFileURL(file));
    return url.protocol === 'file:' ? fileURLToPath(url) : undefined;
  }
  if (node.type !== 'CallExpression' || !isJoin(bare(node.callee))) return undefined;
  const [folder, ...rest] = node.arguments.map(bare);
  const isOwnFolder = isMeta(folder, 'dirname') || (folder?.type === 'Identifier' && folder.name === '__dirname');
  const names = rest.map(literal);
  return isOwnFolder && names.length > 0 && names.every((name) => name !== undefined) ? join(file, '..', ...names) : undefined;
}

/** Paths that a lowered text names so. @param file real path of the module */
export function dataNames(lowered: string, format: 'module' | 'commonjs', file: string): readonly string[] {
  const found = new Set<string>();
  const visit = (node: AnyNode): void => {
    try {
      const path = named(node, file);
      if (path !== undefined) found.add(path);
    } catch {
      // No url, or one of another machine.
    }
    childrenOf(node).forEach(visit);
  };
  visit(parseText(lowered, format));
  return [...found];
}
