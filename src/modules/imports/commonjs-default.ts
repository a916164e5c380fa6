import type { AnyNode, Program, Property } from 'acorn';
import { bare } from '../text/ast.ts';
import { isClassNode, isFunctionNode } from '../functions/function-order.ts';

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

/** What the top level of a file puts into `module.exports` last; undefined when it never does. */
function lastExports(program: Program): AnyNode | undefined {
  let last: AnyNode | undefined;
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement') continue;
    let value = bare(statement.expression);
    let isAssigned = false;
    while (value.type === 'AssignmentExpression' && value.operator === '=') {
      isAssigned ||= isModuleExports(value.left);
      value = bare(value.right);
    }
    if (isAssigned) last = value;
  }
  return last;
}

/**
 * Whether `module.exports` of a CommonJS file is itself what a program begins with, as Node's own import gives it as `default`. A value
 * that may be a function or not, such as the result of a call, counts when the file has no export `main`.
 */
export function hasCommonJsDefault(program: Program, names: readonly string[]): boolean {
  const last = lastExports(program);
  const is = last === undefined ? 'no' : callable(last, program);
  return is === 'yes' || (is === 'unknown' && !names.includes('main'));
}

function keyOf({ key, computed }: Property): string | undefined {
  if (computed) return undefined;
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

/** Names of the functions in the object that becomes `module.exports`, in their order. */
export function heldFunctions(program: Program): readonly string[] {
  const given = lastExports(program);
  const value = given?.type === 'Identifier' ? declared(given.name, program) : given;
  if (value?.type !== 'ObjectExpression') return [];
  const names = value.properties.map((property) => {
    if (property.type !== 'Property' || property.kind !== 'init') return undefined;
    return callable(bare(property.value), program) === 'yes' ? keyOf(property) : undefined;
  });
  return [...new Set(names.filter((name) => name !== undefined))];
}
