import type { AnyNode, Pattern } from 'acorn';
import { childrenOf } from '../text/ast.ts';
import { isClassNode, isFunctionNode, type FunctionNode } from './function-order.ts';

/** Names that a pattern binds: `{ a, b: [c] }` gives a and c. */
export function patternNames(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => patternNames(property.type === 'RestElement' ? property.argument : property.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : patternNames(element)));
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    case 'MemberExpression':
      return [];
  }
}

/** Names that a list of statements declares itself: let, const, class, function; `var` too, wherever it stands in them. */
function statementNames(statements: readonly AnyNode[]): readonly string[] {
  return statements.flatMap((statement): readonly string[] => {
    switch (statement.type) {
      case 'VariableDeclaration':
        return statement.declarations.flatMap((declaration) => patternNames(declaration.id));
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return statement.id === null ? [] : [statement.id.name];
      default:
        return [];
    }
  });
}

function varNames(node: AnyNode): readonly string[] {
  if (isFunctionNode(node) || isClassNode(node)) return [];
  const own = node.type === 'VariableDeclaration' && node.kind === 'var' ? statementNames([node]) : [];
  return [...own, ...childrenOf(node).flatMap(varNames)];
}

function functionNames(node: FunctionNode): readonly string[] {
  const self = node.type === 'FunctionExpression' && node.id ? [node.id.name] : [];
  return [...self, 'arguments', ...node.params.flatMap(patternNames), ...varNames(node.body)];
}

/** Names that are new inside a node: they hide those of the same name outside. */
export function scopeNames(node: AnyNode): readonly string[] {
  if (isFunctionNode(node)) return functionNames(node);
  switch (node.type) {
    case 'ClassExpression':
      return node.id ? [node.id.name] : [];
    case 'BlockStatement':
    case 'StaticBlock':
      return statementNames(node.body);
    case 'SwitchStatement':
      return statementNames(node.cases.flatMap((one) => one.consequent));
    case 'ForStatement':
      return node.init?.type === 'VariableDeclaration' ? statementNames([node.init]) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return node.left.type === 'VariableDeclaration' ? statementNames([node.left]) : [];
    case 'CatchClause':
      return node.param ? patternNames(node.param) : [];
    default:
      return [];
  }
}
