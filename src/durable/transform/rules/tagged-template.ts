import type { TaggedTemplateExpression } from 'acorn';
import { calleeLabel } from '../sites/callee-label.ts';
import type { Emitter } from '../emitter.ts';
import { emitReceiverAndFunction } from './optional-chain.ts';

/** ``o.tag`…` `` becomes ``$d.tag(s, o, o.tag)`…` ``: the template stays where it is, so its strings object is one per site. */
export function emitTaggedTemplate(node: TaggedTemplateExpression, emitter: Emitter): void {
  const { out, names, statics } = emitter;
  if (statics.isInlineCallee(node.tag)) {
    emitter.copy(node);
    return;
  }
  const label = calleeLabel(node.tag);
  out.text(`${names.hook}.`, node.start);
  out.text(`tag(${emitter.site(node, label)}, `, node.quasi.start);
  emitReceiverAndFunction(node.tag, emitter);
  out.text(')');
  emitter.emit(node.quasi);
}
