import type { NewExpression } from 'acorn';
import { calleeLabel } from '../sites/callee-label.ts';
import type { Emitter } from '../emitter.ts';
import { emitIterated } from './call-parts.ts';

/** `new X(a)` becomes `$d.n(s, X, [a])`. */
export function emitNew(node: NewExpression, emitter: Emitter): void {
  const { out, names, statics } = emitter;
  if (statics.isInlineConstructor(node.callee)) {
    emitStaticNew(node, emitter);
    return;
  }
  const site = emitter.site(node, `new ${calleeLabel(node.callee)}`);
  out.text(`${names.hook}.`, node.start);
  out.text(`n(${site}, `, node.start);
  emitter.emit(node.callee);
  out.text(', [');
  emitter.list(node.arguments);
  out.text('])');
}

function emitStaticNew(node: NewExpression, emitter: Emitter): void {
  const { out, statics } = emitter;
  const [first] = node.arguments;
  if (first === undefined || first.type === 'SpreadElement' || !statics.iteratesFirstArgument(node.callee)) {
    emitter.copy(node);
    return;
  }
  out.range(node.start, first.start);
  emitIterated(first, 'i', `new ${calleeLabel(node.callee)}(…)`, emitter);
  emitter.copyBetween(first.end, node.end, node.arguments.slice(1));
}
