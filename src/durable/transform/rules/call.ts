import type { CallExpression } from 'acorn';
import { calleeLabel } from '../sites/callee-label.ts';
import type { Emitter } from '../emitter.ts';
import { emitCallHead, emitCallTail, emitIterated } from './call-parts.ts';
import { emitReceiverAndFunction } from './optional-chain.ts';

/** A call outside an optional chain. */
export function emitCall(node: CallExpression, emitter: Emitter): void {
  if (emitter.statics.isInlineCallee(node.callee)) {
    emitStaticCall(node, emitter);
    return;
  }
  emitCallHead(node, emitter);
  emitReceiverAndFunction(node.callee, emitter);
  emitCallTail(node, emitter);
}

/** A call or construction that is left alone, save that what it iterates may come from outside. */
function emitStaticCall(node: CallExpression, emitter: Emitter): void {
  const [first] = node.arguments;
  if (first === undefined || first.type === 'SpreadElement' || !emitter.statics.iteratesFirstArgument(node.callee)) {
    emitter.copy(node);
    return;
  }
  emitter.out.range(node.start, node.callee.start);
  emitter.emit(node.callee);
  emitter.out.range(node.callee.end, first.start);
  emitIterated(first, 'i', `${calleeLabel(node.callee)}(…)`, emitter);
  emitter.copyBetween(first.end, node.end, node.arguments.slice(1));
}
