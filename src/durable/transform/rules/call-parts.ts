import type { CallExpression, Expression, SpreadElement } from 'acorn';
import { bare } from '../../../modules/text/ast.ts';
import { calleeLabel } from '../sites/callee-label.ts';
import type { Emitter } from '../emitter.ts';

type Arguments = readonly (Expression | SpreadElement)[];

const MOST_FIXED = 4;

function needsList(args: Arguments): boolean {
  return args.length > MOST_FIXED || args.some(({ type }) => type === 'SpreadElement');
}

const RESERVED = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if import in
   instanceof new null return switch this throw true try typeof var void while with`.split(/\s+/),
);

/** Where V8 says that a call is: at the name right before the arguments, else at their parenthesis. Reserved words are no names to it. */
function framePosition(node: CallExpression, lowered: string): number {
  const { callee, optional } = node;
  if (!optional && callee.type === 'Identifier') return callee.start;
  if (!optional && callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    if (!RESERVED.has(callee.property.name)) return callee.property.start;
  }
  const parenthesis = lowered.indexOf('(', callee.end);
  return parenthesis < 0 ? node.start : parenthesis;
}

/** Emits the beginning of a hooked call: `$d.c2($ds[5], `. */
export function emitCallHead(node: CallExpression, emitter: Emitter): void {
  const { out, names } = emitter;
  const arity = needsList(node.arguments) ? 'n' : String(node.arguments.length);
  const site = emitter.site(node, calleeLabel(node.callee));
  out.text(`${names.hook}.`, node.start);
  out.text(`c${arity}(${site}, `, framePosition(node, emitter.input.lowered));
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
