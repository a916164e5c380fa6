import type { AnyNode, Expression, Program } from 'acorn';
import type { UnguardedStatement } from '../../base/builds/build.ts';
import { bare, childrenOf } from '../text/ast.ts';
import { isFunctionNode } from '../functions/function-order.ts';
import type { OriginFinder } from '../text/source-map.ts';

const MAIN_TEST = /import\.meta\.main|require\.main\s*={2,3}\s*module|process\.argv\[1\]/;
const LONGEST_TEXT = 60;

/** Whether something below, outside functions, satisfies a test. Classes run their static parts and computed keys, so they are looked into. */
function runsSome(node: AnyNode, test: (node: AnyNode) => boolean): boolean {
  if (isFunctionNode(node)) return false;
  if (node.type === 'PropertyDefinition' && !node.static) return node.computed && runsSome(node.key, test);
  return test(node) || childrenOf(node).some((child) => runsSome(child, test));
}

const acts = (node: AnyNode): boolean =>
  runsSome(
    node,
    ({ type }) => type === 'AwaitExpression' || type === 'CallExpression' || type === 'NewExpression' || type === 'ImportExpression',
  );

const awaits = (node: AnyNode): boolean =>
  runsSome(node, (inner) => inner.type === 'AwaitExpression' || (inner.type === 'ForOfStatement' && inner.await));

/** What lowering makes of namespaces and old decorators: `(function(_NS) {…})(NS || (NS = {}))` and `_decorate([tag], K, "m", null)`. */
function isLowered(value: AnyNode): boolean {
  if (value.type !== 'CallExpression') return false;
  const callee = bare(value.callee);
  const [first] = value.arguments;
  if (callee.type === 'Identifier') return /^__?decorate/.test(callee.name);
  return (
    isFunctionNode(callee) &&
    first?.type === 'LogicalExpression' &&
    first.operator === '||' &&
    bare(first.right).type === 'AssignmentExpression'
  );
}

/** Top-level statements that would do something again where the file is loaded, in source order. Declarations with plain calls are fine. */
export function unguardedStatements(source: string, program: Program, origin: OriginFinder): readonly UnguardedStatement[] {
  const isMainTest = (test: AnyNode): boolean => MAIN_TEST.test(source.slice(test.start, test.end));
  const isBadExpression = (expression: Expression): boolean => {
    const value = bare(expression);
    if (isLowered(value)) return false;
    if (value.type === 'LogicalExpression' && value.operator === '&&' && isMainTest(value.left)) return false;
    return value.type === 'AssignmentExpression' ? awaits(value) : acts(value);
  };
  const isBad = (statement: AnyNode): boolean => {
    switch (statement.type) {
      case 'ExpressionStatement':
        return isBadExpression(statement.expression);
      case 'IfStatement':
        return !isMainTest(statement.test) && acts(statement);
      case 'TryStatement':
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'BlockStatement':
      case 'SwitchStatement':
      case 'LabeledStatement':
        return acts(statement) || awaits(statement);
      case 'ExportNamedDeclaration':
        return statement.declaration ? isBad(statement.declaration) : false;
      case 'VariableDeclaration':
        return awaits(statement) || statement.kind === 'using' || statement.kind === 'await using';
      case 'ExportDefaultDeclaration':
        return awaits(statement);
      default:
        return false;
    }
  };
  return program.body.filter(isBad).map((statement) => ({
    ...origin.placeOf(statement.start),
    text: (source.slice(statement.start, statement.end).split('\n')[0] ?? '').slice(0, LONGEST_TEXT),
  }));
}
