// `for await` and `await using` have no form in a plain generator. A top-level statement with one of them becomes an async function of its own
// that the body waits for: `yield (async () => { … })();`. Variables that it declares with `var` are declared outside and assigned inside.
import type { AnyNode, Statement, ModuleDeclaration, VariableDeclaration } from 'acorn';
import { childrenOf } from '../../../../modules/text/ast.ts';
import { isFunctionNode } from '../../../../modules/functions/function-order.ts';
import type { Emitter } from '../../emitter.ts';
import { patternIdentifiers } from '../../scope/patterns.ts';

/** Whether a top-level statement must become an async function. What a module itself declares with `await using` is disposed of at its end (disposal.ts). */
export function needsWrapper(node: Statement | ModuleDeclaration): boolean {
  if (isAwaitUsing(node)) return false;
  return holds(node, (inner) => (inner.type === 'ForOfStatement' && inner.await) || isAwaitUsing(inner));
}

/** Whether it is such a declaration. */
export function isAwaitUsing(node: AnyNode): boolean {
  return node.type === 'VariableDeclaration' && node.kind === 'await using';
}

/** Whether the condition holds for a node outside of nested functions. */
function holds(node: AnyNode, condition: (node: AnyNode) => boolean): boolean {
  return !isFunctionNode(node) && (condition(node) || childrenOf(node).some((child) => holds(child, condition)));
}

/** Emits the statement as an async function that the body of the module waits for. */
export function emitWrapped(node: AnyNode, emitter: Emitter): void {
  const { out } = emitter;
  const names = new Set<string>();
  collectVars(node, names);
  if (names.size > 0) out.text(`var ${[...names].join(', ')}; `, node.start);
  out.text('yield (async () => { ', node.start);
  emitter.insideWrapper(() => {
    emitter.emit(node);
  });
  out.text(' })();');
}

function collectVars(node: AnyNode, names: Set<string>): void {
  if (isFunctionNode(node) || node.type === 'StaticBlock') return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var')
    for (const { id } of node.declarations) for (const { name } of patternIdentifiers(id)) names.add(name);
  for (const child of childrenOf(node)) collectVars(child, names);
}

/** `var` inside the wrapper: only the assignments remain. `isHead` when it stands in the head of a `for`. */
export function emitAssignedVars(node: VariableDeclaration, emitter: Emitter): void {
  const { out } = emitter;
  const [only] = node.declarations;
  // In the head of `for of` and `for in` there is no value, and the pattern alone is what is assigned.
  if (node.declarations.length === 1 && only && !only.init) {
    emitter.emit(only.id);
    out.range(only.end, node.end);
    return;
  }
  let written = 0;
  for (const { id, init, start } of node.declarations) {
    if (!init) continue;
    out.text(written++ === 0 ? '(' : ', (', start);
    emitter.emit(id);
    out.text(' = ');
    emitter.emit(init);
    out.text(')');
  }
  if (written === 0) out.text('void 0');
  const last = node.declarations.at(-1);
  if (last) out.range(last.end, node.end);
}
