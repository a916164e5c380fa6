import type { AnyNode, Program } from 'acorn';
import { bare, childrenOf, keyName } from '../../../modules/text/ast.ts';
import { isClassNode, isFunctionNode, type OrderedNode } from '../../../modules/functions/function-order.ts';

/** What a function is called in the path of a site: its own name, or that of the binding or property that first holds it. */
export function functionNames(program: Program): ReadonlyMap<OrderedNode, string> {
  const names = new Map<OrderedNode, string>();
  const give = (value: AnyNode | null | undefined, name: string | undefined): void => {
    if (!value || name === undefined) return;
    const inner = bare(value);
    if ((isFunctionNode(inner) || isClassNode(inner)) && !names.has(inner)) names.set(inner, inner.id?.name ?? name);
  };
  const visit = (node: AnyNode): void => {
    switch (node.type) {
      case 'VariableDeclarator':
        if (node.id.type === 'Identifier') give(node.init, node.id.name);
        break;
      case 'AssignmentExpression':
        give(node.right, assignedName(node.left));
        break;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        give(node.value, node.computed ? undefined : node.key.type === 'PrivateIdentifier' ? `#${node.key.name}` : keyName(node.key));
        break;
      case 'ExportDefaultDeclaration':
        give(node.declaration, 'default');
        break;
      default:
        if (isFunctionNode(node) || isClassNode(node)) give(node, node.id?.name ?? 'fn');
        break;
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return names;
}

function assignedName(left: AnyNode): string | undefined {
  if (left.type === 'Identifier') return left.name;
  if (left.type !== 'MemberExpression' || left.computed) return undefined;
  return left.property.type === 'Identifier' ? left.property.name : undefined;
}
