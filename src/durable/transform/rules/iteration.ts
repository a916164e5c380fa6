import type { ArrayExpression, AssignmentExpression, ForOfStatement, SpreadElement, VariableDeclarator } from 'acorn';
import { calleeLabel } from '../sites/callee-label.ts';
import type { Emitter } from '../emitter.ts';
import { emitIterated } from './call-parts.ts';

/** `for (x of y)` iterates `$d.i(s, y)`, `for await` iterates `$d.ai(s, y)`. */
export function emitForOf(node: ForOfStatement, emitter: Emitter): void {
  const { out } = emitter;
  out.range(node.start, node.left.start);
  emitter.emit(node.left);
  out.range(node.left.end, node.right.start);
  emitIterated(node.right, node.await ? 'ai' : 'i', `for ${node.await ? 'await ' : ''}of ${calleeLabel(node.right)}`, emitter);
  out.range(node.right.end, node.body.start);
  emitter.emit(node.body);
  out.range(node.body.end, node.end);
}

/** `f(...x)` iterates; `{...x}` does not and never gets here. */
export function emitSpread(node: SpreadElement, emitter: Emitter, how: 'f(...' | '...' = 'f(...'): void {
  emitter.out.range(node.start, node.argument.start);
  emitIterated(node.argument, 'i', `${how}${calleeLabel(node.argument)}`, emitter);
  emitter.out.range(node.argument.end, node.end);
}

/** `[...x]` iterates. */
export function emitArray(node: ArrayExpression, emitter: Emitter): void {
  let position = node.start;
  for (const element of node.elements) {
    if (element === null) continue;
    emitter.out.range(position, element.start);
    if (element.type === 'SpreadElement') emitSpread(element, emitter, '...');
    else emitter.emit(element);
    position = element.end;
  }
  emitter.out.range(position, node.end);
}

/** `const [a] = x` iterates. */
export function emitDeclarator(node: VariableDeclarator, emitter: Emitter): void {
  if (node.id.type !== 'ArrayPattern' || !node.init) {
    emitter.copy(node);
    return;
  }
  emitter.emit(node.id);
  emitter.out.range(node.id.end, node.init.start);
  emitIterated(node.init, 'i', `const […] = ${calleeLabel(node.init)}`, emitter);
  emitter.out.range(node.init.end, node.end);
}

/** `[a] = x` iterates. */
export function emitAssignment(node: AssignmentExpression, emitter: Emitter): void {
  if (node.left.type !== 'ArrayPattern') {
    emitter.copy(node);
    return;
  }
  emitter.emit(node.left);
  emitter.out.range(node.left.end, node.right.start);
  emitIterated(node.right, 'i', `[…] = ${calleeLabel(node.right)}`, emitter);
  emitter.out.range(node.right.end, node.end);
}
