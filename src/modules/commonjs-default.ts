import type { AnyNode, Program } from 'acorn';
import { bare } from './ast.ts';
import { isClassNode, isFunctionNode } from './function-order.ts';

/** Whether a value can be called, as far as its text tells. */
type Callable = 'yes' | 'no' | 'unknown';

function isModuleExports(node: AnyNode): boolean {
  return (
    node.type === 'MemberExpression' &&
    !node.computed &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'exports'
  );
}

/** What the top level of a file says about a name. */
function declared(name: string, program: Program): AnyNode | undefined {
  for (const statement of program.body) {
    if ((statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') && statement.id.name === name) return statement;
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) if (id.type === 'Identifier' && id.name === name && init) return init;
  }
  return undefined;
}

function callable(value: AnyNode, program: Program, isNamed = false): Callable {
  if (isFunctionNode(value) || isClassNode(value)) return 'yes';
  if (value.type === 'ObjectExpression' || value.type === 'ArrayExpression' || value.type === 'Literal') return 'no';
  const found = value.type === 'Identifier' && !isNamed ? declared(value.name, program) : undefined;
  return found === undefined ? 'unknown' : callable(bare(found), program, true);
}

/**
 * Whether `module.exports` of a CommonJS file is itself what a program begins with, as Node's own import gives it as `default`. A value
 * that may be a function or not, such as the result of a call, counts when the file has no export `main`.
 */
export function hasCommonJsDefault(program: Program, names: readonly string[]): boolean {
  let last: Callable = 'no';
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement') continue;
    let value = bare(statement.expression);
    let isAssigned = false;
    while (value.type === 'AssignmentExpression' && value.operator === '=') {
      isAssigned ||= isModuleExports(value.left);
      value = bare(value.right);
    }
    if (isAssigned) last = callable(value, program);
  }
  return last === 'yes' || (last === 'unknown' && !names.includes('main'));
}
