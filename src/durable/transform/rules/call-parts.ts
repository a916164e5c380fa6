import type { CallExpression, Expression, SpreadElement } from 'acorn';
import { bare } from '../../../modules/ast.ts';
import { calleeLabel } from '../callee-label.ts';
import type { Emitter } from '../emitter.ts';

type Arguments = readonly (Expression | SpreadElement)[];

const MOST_FIXED = 4;

function needsList(args: Arguments): boolean {
  return args.length > MOST_FIXED || args.some(({ type }) => type === 'SpreadElement');
}

/** Where V8 says that a call is: at the property of a member, else at the callee. */
function framePosition(node: CallExpression): number {
  const callee = bare(node.callee);
  return callee.type === 'MemberExpression' ? callee.property.start : node.start;
}

/** Emits the beginning of a hooked call: `$d.c2($ds[5], `. */
export function emitCallHead(node: CallExpression, emitter: Emitter): void {
  const { out, names } = emitter;
  const arity = needsList(node.arguments) ? 'n' : String(node.arguments.length);
  const site = emitter.site(node, calleeLabel(node.callee));
  out.text(`${names.hook}.`, node.start);
  out.text(`c${arity}(${site}, `, framePosition(node));
}

/** Emits what follows receiver and function: arguments and the closing parenthesis. */
export function emitCallTail(node: CallExpression, emitter: Emitter): void {
  const { out } = emitter;
  if (needsList(node.arguments)) {
    out.text(', [');
    emitter.list(node.arguments);
    out.text('])');
    return;
  }
  for (const argument of node.arguments) {
    out.text(', ');
    emitter.emit(argument);
  }
  out.text(')');
}

/** Wraps what is iterated; array literals are never from outside. */
export function emitIterated(node: Expression, form: 'i' | 'yi' | 'ai', label: string, emitter: Emitter): void {
  const { out, names } = emitter;
  if (bare(node).type === 'ArrayExpression') {
    emitter.emit(node);
    return;
  }
  out.text(`${names.hook}.${form}(${emitter.site(node, label)}, `, node.start);
  emitter.emit(node);
  out.text(')');
}
