import type { AnyNode, AwaitExpression, Expression, ReturnStatement, YieldExpression } from 'acorn';
import { bare } from '../../../modules/text/ast.ts';
import { calleeLabel } from '../sites/callee-label.ts';
import type { Emitter } from '../emitter.ts';
import { emitIterated } from './call-parts.ts';
import { emitKey } from './property.ts';

/** An operand of await: `await x` waits for `$d.w(s, x)`, `await o.p` for `$d.ap(s, o, "p")`. At the top level of a module await is yield. */
export function emitAwait(node: AwaitExpression, emitter: Emitter): void {
  const { out } = emitter;
  const byYield = emitter.awaitsByYield;
  out.text(byYield ? '(yield ' : 'await ', node.start);
  emitAwaited(node.argument, 'await', emitter);
  if (byYield) out.text(')');
}

/** Something whose value is awaited at once. */
export function emitAwaited(node: Expression, word: string, emitter: Emitter): void {
  const { out, names } = emitter;
  const inner = bare(node);
  const label = `${word} ${emitter.text(node)}`;
  if (inner.type === 'MemberExpression' && inner.object.type !== 'Super' && inner.property.type !== 'PrivateIdentifier') {
    out.text(`${names.hook}.ap(${emitter.site(node, label)}, `, inner.property.start);
    emitter.emit(inner.object);
    out.text(', ');
    emitKey(inner, emitter);
    out.text(')');
    return;
  }
  emitter.markAwaited(inner.type === 'ChainExpression' ? lastLink(inner) : inner);
  out.text(`${names.hook}.w(${emitter.site(node, label)}, `, node.start);
  emitter.emitArgument(node);
  out.text(')');
}

function lastLink(node: Extract<AnyNode, { type: 'ChainExpression' }>): AnyNode {
  return node.expression;
}

/** `return x` of an async function waits for x. */
export function emitReturn(node: ReturnStatement, emitter: Emitter): void {
  const { argument } = node;
  if (!argument || emitter.frame?.isAsync !== true || bare(argument).type === 'AwaitExpression') {
    emitter.copy(node);
    return;
  }
  emitter.out.range(node.start, argument.start);
  emitAwaited(argument, 'return', emitter);
  emitter.out.range(argument.end, node.end);
}

/** `yield` of an async generator waits for its operand; `yield*` iterates it. */
export function emitYield(node: YieldExpression, emitter: Emitter): void {
  const { argument } = node;
  const isAsync = emitter.frame?.isAsync === true;
  if (!argument || (!node.delegate && !isAsync)) {
    emitter.copy(node);
    return;
  }
  emitter.out.range(node.start, argument.start);
  if (node.delegate) emitIterated(argument, isAsync ? 'ai' : 'yi', `${isAsync ? 'async ' : ''}yield* ${calleeLabel(argument)}`, emitter);
  else emitAwaited(argument, 'yield', emitter);
  emitter.out.range(argument.end, node.end);
}
