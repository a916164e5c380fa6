import type { AnyNode, Program } from 'acorn';
import type { NamedImport } from '../../base/builds/build.ts';
import type { OriginFinder } from '../text/source-map.ts';

const nameOf = (node: AnyNode): string => (node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '');

/** Names that static imports and re-exports take from other files, with their places. */
export function namedImports(program: Program, origin: OriginFinder): readonly NamedImport[] {
  const found: NamedImport[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      for (const node of statement.specifiers) {
        if (node.type === 'ImportNamespaceSpecifier') continue;
        const name = node.type === 'ImportSpecifier' ? nameOf(node.imported) : 'default';
        found.push({ specifier: String(statement.source.value), name, ...origin.placeOf(node.start) });
      }
    }
    if (statement.type === 'ExportNamedDeclaration' && statement.source) {
      for (const node of statement.specifiers)
        found.push({ specifier: String(statement.source.value), name: nameOf(node.local), ...origin.placeOf(node.start) });
    }
  }
  return found;
}

/** Specifiers of `export * from '…'`. */
export function starExports(program: Program): readonly string[] {
  return program.body.flatMap((statement) =>
    statement.type === 'ExportAllDeclaration' && !statement.exported ? [String(statement.source.value)] : [],
  );
}
