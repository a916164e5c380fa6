import type { AnyNode, MemberExpression } from 'acorn';
import { bare } from '../../../modules/text/ast.ts';
import type { Emitter } from '../emitter.ts';
import { emitProperty } from './property.ts';

/** Reading it twice gives the same and runs nothing. */
function isPlainName(node: AnyNode): boolean {
  return node.type === 'Identifier' || node.type === 'ThisExpression';
}

/** `receiver, function` of a member that is called: the receiver is evaluated once, the property is read before the arguments. */
export function emitMemberCallee(node: MemberExpression, emitter: Emitter): void {
  const { out, names } = emitter;
  const object = bare(node.object);
  if (object.type === 'Super') {
    out.text('this, ');
    emitter.copy(node);
  } else if (isPlainName(object)) {
    emitter.emit(object);
    out.text(', ');
    emitter.emit(object);
    emitProperty(node, emitter);
  } else {
    out.text(`(${names.hook}.t = `);
    emitter.emit(node.object);
    out.text(`), ${names.hook}.t`);
    emitProperty(node, emitter);
  }
}
