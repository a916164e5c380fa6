import type { AnyNode } from 'acorn';
import type { Emitter } from './emitter.ts';
import { emitAwait, emitReturn, emitYield } from './rules/await.ts';
import { emitCall } from './rules/call.ts';
import { emitClass } from './rules/class.ts';
import { emitNew } from './rules/construct.ts';
import { emitImportExpression } from './rules/dynamic-import.ts';
import { emitFunction, emitMethod } from './rules/function.ts';
import { emitArray, emitAssignment, emitDeclarator, emitForOf, emitSpread } from './rules/iteration.ts';
import { emitExportDefault } from './rules/top-level/module-statement.ts';
import { emitChain, emitChainDeletion, hasHookedCall } from './rules/optional-chain.ts';
import { emitIdentifier, emitMetaProperty, emitProperty } from './rules/reference.ts';
import { emitTaggedTemplate } from './rules/tagged-template.ts';
import { emitAssignedVars } from './rules/top-level/whole-statement.ts';
import { bare } from '../../modules/text/ast.ts';

/** Writes one node by the rule for its type; whatever has no rule is taken over with its children emitted. */
export function emitNode(node: AnyNode, emitter: Emitter): void {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return emitFunction(node, emitter);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return emitClass(node, emitter);
    case 'MethodDefinition':
      return emitMethod(node, emitter);
    case 'Property':
      return emitProperty(node, emitter);
    case 'Identifier':
      return emitIdentifier(node, emitter);
    case 'MetaProperty':
      return emitMetaProperty(node, emitter);
    case 'CallExpression':
      return emitCall(node, emitter);
    case 'ChainExpression':
      return emitChain(node, emitter);
    case 'NewExpression':
      return emitNew(node, emitter);
    case 'TaggedTemplateExpression':
      return emitTaggedTemplate(node, emitter);
    case 'ImportExpression':
      return emitImportExpression(node, emitter);
    case 'AwaitExpression':
      return emitAwait(node, emitter);
    case 'ReturnStatement':
      return emitReturn(node, emitter);
    case 'YieldExpression':
      return emitYield(node, emitter);
    case 'ForOfStatement':
      return emitForOf(node, emitter);
    case 'VariableDeclarator':
      return emitDeclarator(node, emitter);
    case 'AssignmentExpression':
      return emitAssignment(node, emitter);
    case 'ArrayExpression':
      return emitArray(node, emitter);
    case 'SpreadElement':
      return emitSpread(node, emitter);
    case 'ObjectExpression':
      return emitObject(node, emitter);
    case 'VariableDeclaration':
      return node.kind === 'var' && emitter.isInsideWrapper ? emitAssignedVars(node, emitter) : emitter.copy(node);
    case 'UnaryExpression': {
      const operand = bare(node.argument);
      const moves = node.operator === 'delete' && operand.type === 'ChainExpression' && hasHookedCall(operand.expression, emitter);
      return moves ? emitChainDeletion(operand, emitter) : emitter.copy(node);
    }
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return;
    case 'ExportNamedDeclaration':
      if (node.declaration) emitter.emit(node.declaration);
      return;
    case 'ExportDefaultDeclaration':
      return emitExportDefault(node, emitter);
    case 'Literal':
    case 'TemplateElement':
    case 'PrivateIdentifier':
    case 'ThisExpression':
    case 'Super':
      return emitter.out.range(node.start, node.end);
    default:
      emitter.copy(node);
  }
}

/** `{ ...x }` copies properties, it does not iterate. */
function emitObject(node: Extract<AnyNode, { type: 'ObjectExpression' }>, emitter: Emitter): void {
  const { out } = emitter;
  let position = node.start;
  for (const property of node.properties) {
    out.range(position, property.start);
    if (property.type === 'SpreadElement') emitter.copy(property);
    else emitter.emit(property);
    position = property.end;
  }
  out.range(position, node.end);
}
