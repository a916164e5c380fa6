import type { AnyNode } from 'acorn';
import type { ClassNode } from '../../../modules/functions/function-order.ts';
import type { Emitter } from '../emitter.ts';

/** A class with its brand after the name, or after `class`. */
export function emitClass(node: ClassNode, emitter: Emitter): void {
  const { out } = emitter;
  const head = node.id ? node.id.end : node.start + 'class'.length;
  out.range(node.start, head);
  out.text(emitter.brand(node));
  emitter.inside(node, () => {
    const inner: AnyNode[] = node.superClass ? [node.superClass, node.body] : [node.body];
    emitter.copyBetween(head, node.end, inner);
  });
}
