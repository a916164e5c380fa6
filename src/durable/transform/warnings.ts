import type { AnyNode, Program } from 'acorn';
import type { TransformWarning } from '../../base/builds/module-form.ts';
import { bare, childrenOf } from '../../modules/text/ast.ts';
import type { Place } from '../../modules/text/source-map.ts';
import type { StaticCalls } from './sites/static-calls.ts';

const CONSTRUCTED: Readonly<Record<string, string>> = {
  WeakRef: 'when a WeakRef lets go of its target differs from run to run; a replay may take another way',
  FinalizationRegistry: 'callbacks of a FinalizationRegistry come at another time in every run; a replay may take another way',
  Worker: 'what a worker thread does is not recorded',
  Function: 'code made by new Function() is not made durable',
};

/** What runs and is not made durable, with its place in the TypeScript text. */
export function findWarnings(program: Program, statics: StaticCalls, placeOf: (offset: number) => Place): readonly TransformWarning[] {
  const warnings: TransformWarning[] = [];
  const warn = (node: AnyNode, message: string): void => {
    warnings.push({ ...placeOf(node.start), message });
  };
  const visit = (node: AnyNode): void => {
    if (node.type === 'CallExpression') {
      const callee = bare(node.callee);
      if (callee.type === 'Identifier' && statics.isGlobal(callee)) {
        if (callee.name === 'eval' && !node.optional) warn(node, 'code given to eval() is not made durable and cannot see imports');
        if (callee.name === 'Function') warn(node, CONSTRUCTED['Function'] ?? '');
      }
      if (callee.type === 'MemberExpression' && isAtomicsWait(callee, statics))
        warn(node, 'Atomics.wait stops the thread that all sessions of the runner share');
    }
    if (
      node.type === 'NewExpression' &&
      node.callee.type === 'Identifier' &&
      (statics.isGlobal(node.callee) || node.callee.name === 'Worker')
    ) {
      const message = Object.hasOwn(CONSTRUCTED, node.callee.name) ? CONSTRUCTED[node.callee.name] : undefined;
      if (message !== undefined) warn(node, message);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return warnings;
}

function isAtomicsWait(callee: Extract<AnyNode, { type: 'MemberExpression' }>, statics: StaticCalls): boolean {
  return (
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Atomics' &&
    statics.isGlobal(callee.object) &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'wait'
  );
}
