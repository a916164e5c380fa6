import type { MemberExpression } from 'acorn';
import type { Emitter } from '../emitter.ts';

/** The access behind a receiver that is already written: `.m`, `[k]` or `.#m`, without the question mark of an optional link. */
export function emitProperty(node: MemberExpression, emitter: Emitter): void {
  const { out } = emitter;
  if (node.computed) {
    out.text('[');
    emitter.emit(node.property);
    out.text(']');
  } else {
    out.text('.');
    out.range(node.property.start, node.property.end);
  }
}

/** The key of a member as a value: `"m"` or the expression in brackets. Not for private names. */
export function emitKey(node: MemberExpression, emitter: Emitter): void {
  if (node.computed) emitter.emitArgument(node.property);
  else if (node.property.type === 'Identifier') emitter.out.text(JSON.stringify(node.property.name));
}
