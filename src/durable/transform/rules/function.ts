import type { ArrowFunctionExpression, AssignmentProperty, MethodDefinition, Property } from 'acorn';
import type { FunctionNode } from '../../../modules/functions/function-order.ts';
import type { Emitter } from '../emitter.ts';
import { emitAwaited } from './await.ts';

/** What differs from an ordinary function. */
interface FunctionOptions {
  /** The brand stands elsewhere already: inside the bracket of a computed method name. */
  readonly branded?: boolean;
  /** Name to give to an anonymous declaration. */
  readonly name?: string;
}

/** A function with its brand as the first thing in the parameter list: whatever a default value holds has its brand later in the text. */
export function emitFunction(node: FunctionNode, emitter: Emitter, { branded = false, name }: FunctionOptions = {}): void {
  const { out } = emitter;
  emitter.inside(node, () => {
    const open = parameterStart(node, emitter.input.lowered);
    if (name === undefined) {
      out.range(node.start, open);
    } else {
      out.range(node.start, open - 1);
      out.text(` ${name}`);
      out.range(open - 1, open);
    }
    if (!branded) out.text(emitter.brand(node));
    if (node.type === 'ArrowFunctionExpression' && node.async && node.body.type !== 'BlockStatement') emitAsyncArrow(node, open, emitter);
    else emitter.copyBetween(open, node.end, [...node.params, node.body]);
  });
}

/** `async x => y` returns y, so y is awaited. */
function emitAsyncArrow(node: ArrowFunctionExpression, open: number, emitter: Emitter): void {
  const { body } = node;
  if (body.type === 'BlockStatement') return;
  emitter.copyBetween(open, body.start, node.params);
  emitAwaited(body, 'return', emitter);
  emitter.out.range(body.end, node.end);
}

/** Where the brand goes: behind the opening parenthesis, or before the parameter of an arrow without parentheses. */
function parameterStart(node: FunctionNode, lowered: string): number {
  const first = node.params[0];
  if (node.type === 'ArrowFunctionExpression') {
    const open = skipBlanks(lowered, node.async ? node.start + 'async'.length : node.start);
    return first !== undefined && first.start === open && lowered[open] !== '(' ? open : open + 1;
  }
  return openParenthesis(lowered, node.id?.end ?? node.start) + 1;
}

/** The first `(` from `from` on, comments skipped. */
function openParenthesis(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '(') at = Math.max(at + 1, skipBlanks(text, at));
  return at;
}

/** The first place from `from` on that is neither blank nor comment. */
export function skipBlanks(text: string, from: number): number {
  const blanks = /(?:\s|\/\*[^]*?\*\/|\/\/.*)*/y;
  blanks.lastIndex = from;
  blanks.exec(text);
  return Math.max(from, blanks.lastIndex);
}

/** A method, getter, setter or constructor of a class or object literal: `toString` of its function shows all of it, without `static`. */
export function emitMethod(node: MethodDefinition | Property | AssignmentProperty, emitter: Emitter): void {
  const { value, key } = node;
  if (value.type !== 'FunctionExpression') {
    emitter.copy(node);
    return;
  }
  const start =
    node.type === 'MethodDefinition' && node.static ? skipBlanks(emitter.input.lowered, node.start + 'static'.length) : node.start;
  emitter.shown.set(emitter.numberOf(value), [start, node.end]);
  if (node.computed) {
    const bracket = emitter.input.lowered.lastIndexOf('[', key.start) + 1;
    emitter.out.range(node.start, bracket);
    emitter.out.text(emitter.brand(value));
    emitter.out.range(bracket, key.start);
    emitter.emit(key);
    emitter.out.range(key.end, value.start);
  } else {
    emitter.out.range(node.start, value.start);
  }
  emitFunction(value, emitter, { branded: node.computed });
  emitter.out.range(value.end, node.end);
}
