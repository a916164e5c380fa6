import type { AnyNode, Program } from 'acorn';
import { bare, childrenOf } from '../text/ast.ts';

/** What stands for `require` in a file. */
export interface RequireMakers {
  /** Names of functions that require: `require` itself, and what `createRequire` made for this very file. */
  readonly names: ReadonlySet<string>;
  /** Whether an expression makes such a function on the spot: `createRequire(import.meta.url)`. */
  makes(node: AnyNode): boolean;
}

/** What says that a require is that of this file, and not of another place. */
const THIS_FILE = /\bimport\.meta\.(?:url|filename)\b|\b__filename\b/;

/** Local names of `createRequire`. */
function creators(program: Program): ReadonlySet<string> {
  const names = new Set(['createRequire']);
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || !/^(?:node:)?module$/.test(String(statement.source.value))) continue;
    for (const specifier of statement.specifiers)
      if (specifier.type === 'ImportSpecifier' && 'name' in specifier.imported && specifier.imported.name === 'createRequire')
        names.add(specifier.local.name);
  }
  return names;
}

/** Finds the requires that a file makes for itself, by their names: what a name means in an inner scope is not asked. */
export function requireMakers(source: string, program: Program): RequireMakers {
  const made = creators(program);
  const isCreator = (node: AnyNode): boolean => {
    if (node.type === 'Identifier') return made.has(node.name);
    return node.type === 'MemberExpression' && node.property.type === 'Identifier' && node.property.name === 'createRequire';
  };
  const makes = (given: AnyNode): boolean => {
    const node = bare(given);
    const [file] = node.type === 'CallExpression' ? node.arguments : [];
    return (
      node.type === 'CallExpression' &&
      isCreator(bare(node.callee)) &&
      file !== undefined &&
      THIS_FILE.test(source.slice(file.start, file.end))
    );
  };
  const names = new Set(['require']);
  const visit = (node: AnyNode): void => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init && makes(node.init)) names.add(node.id.name);
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return { names, makes };
}
