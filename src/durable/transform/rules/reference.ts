import type { AssignmentProperty, Identifier, MetaProperty, Property } from 'acorn';
import type { Emitter } from '../emitter.ts';
import { emitMethod } from './function.ts';

/** A name: imports are read from their module at every use, so that bindings stay live. */
export function emitIdentifier(node: Identifier, emitter: Emitter): void {
  const text = emitter.input.references.textOf(node);
  if (text === undefined) emitter.out.range(node.start, node.end);
  else emitter.out.text(text, node.start);
}

/** `import.meta`; `new.target` stays. */
export function emitMetaProperty(node: MetaProperty, emitter: Emitter): void {
  if (node.meta.name === 'import') emitter.out.text(emitter.names.meta, node.start);
  else emitter.out.range(node.start, node.end);
}

/** A property of an object literal or pattern. `{ x }` of an import needs its key written out. */
export function emitProperty(node: Property | AssignmentProperty, emitter: Emitter): void {
  if (node.method || node.kind !== 'init') {
    emitMethod(node, emitter);
    return;
  }
  const { out } = emitter;
  if (!node.shorthand) {
    out.range(node.start, node.key.start);
    if (node.computed) emitter.emit(node.key);
    else out.range(node.key.start, node.key.end);
    out.range(node.key.end, node.value.start);
    emitter.emit(node.value);
    out.range(node.value.end, node.end);
    return;
  }
  const value = node.value.type === 'AssignmentPattern' ? node.value.left : node.value;
  const imported = value.type === 'Identifier' ? emitter.input.references.textOf(value) : undefined;
  if (imported !== undefined && value.type === 'Identifier') out.text(`${value.name}: ${imported}`, node.start);
  else out.range(node.start, value.end);
  if (node.value.type === 'AssignmentPattern') {
    out.range(value.end, node.value.right.start);
    emitter.emit(node.value.right);
    out.range(node.value.right.end, node.end);
  }
}
