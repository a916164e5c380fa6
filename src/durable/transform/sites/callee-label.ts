import type { AnyNode } from 'acorn';
import { bare } from '../../../modules/text/ast.ts';

const UNNAMED = '(intermediate value)';

/**
 * Prints a callee the way V8 does in `… is not a function`, so that a call through the hook fails with the words of the engine.
 * What V8 has no words for is `(intermediate value)`.
 */
export function calleeLabel(node: AnyNode): string {
  switch (node.type) {
    case 'ParenthesizedExpression':
      return calleeLabel(node.expression);
    case 'Identifier':
      return node.name;
    case 'PrivateIdentifier':
      return `#${node.name}`;
    case 'ThisExpression':
      return 'this';
    case 'Literal':
      return typeof node.value === 'string' ? JSON.stringify(node.value) : (node.raw ?? String(node.value));
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? JSON.stringify(node.quasis[0]?.value.cooked ?? '') : UNNAMED;
    case 'MemberExpression':
      return memberLabel(node);
    case 'CallExpression':
      return `${calleeLabel(node.callee)}(...)`;
    case 'TaggedTemplateExpression':
      return `${calleeLabel(node.tag)}(...)`;
    case 'UnaryExpression':
      return `(${node.operator}${/[a-z]$/.test(node.operator) ? ' ' : ''}${calleeLabel(node.argument)})`;
    case 'BinaryExpression':
    case 'LogicalExpression':
      return `(${operandsLabel(node)})`;
    case 'SequenceExpression':
      return `(${node.expressions.map(calleeLabel).join(' , ')})`;
    case 'AssignmentExpression':
      return calleeLabel(node.left);
    case 'ArrayExpression':
      return `[${node.elements.map((element) => (element === null ? '' : calleeLabel(element))).join(',')}]`;
    case 'SpreadElement':
      return `(...${calleeLabel(node.argument)})`;
    case 'ObjectExpression':
      return `{${node.properties.map(() => UNNAMED).join('')}}`;
    default:
      return UNNAMED;
  }
}

const COMPARISONS = new Set(['<', '>', '<=', '>=', '==', '!=', '===', '!==', 'in', 'instanceof']);

/** `a + b + c` is one operation to V8, with one pair of parentheses; `a < b < c` is two. */
function operandsLabel({ left, operator, right }: Extract<AnyNode, { type: 'BinaryExpression' | 'LogicalExpression' }>): string {
  const first = bare(left);
  const isSame = (first.type === 'BinaryExpression' || first.type === 'LogicalExpression') && first.operator === operator;
  return `${isSame && !COMPARISONS.has(operator) ? operandsLabel(first) : calleeLabel(left)} ${operator} ${calleeLabel(right)}`;
}

function memberLabel(node: Extract<AnyNode, { type: 'MemberExpression' }>): string {
  const { object, property, optional, computed } = node;
  const before = object.type === 'Super' ? UNNAMED : calleeLabel(object);
  if (property.type === 'PrivateIdentifier') return `${before}[#${property.name}]`;
  const question = optional ? '?' : '';
  if (!computed && property.type === 'Identifier') return `${before}${question}.${property.name}`;
  if (property.type === 'Literal' && typeof property.value === 'string') return `${before}${question}.${property.value}`;
  return `${before}${optional ? '?.' : ''}[${calleeLabel(property)}]`;
}
