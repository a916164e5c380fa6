// `await using` at the top level of a module has no form in a plain generator. What such a module declares with it, and with `using`, is given to a
// list that its session disposes of when the body is through or has thrown (durable/runner/instances/disposals.ts). One list, so that the order is kept.
import type { AnyNode, Program, VariableDeclaration } from 'acorn';
import type { Emitter } from '../../emitter.ts';
import { isAwaitUsing } from './whole-statement.ts';

/** Whether a module disposes of something that is waited for. */
export function disposesAsync(program: Program): boolean {
  return program.body.some((statement) => isAwaitUsing(statement));
}

/** Whether a top-level statement declares something that is disposed of. */
export function isDisposal(node: AnyNode): node is VariableDeclaration {
  return node.type === 'VariableDeclaration' && (node.kind === 'using' || node.kind === 'await using');
}

/** `const x = $us.later(…)`, or `$us.now(…)` for what is not waited for. */
export function emitDisposal(node: VariableDeclaration, emitter: Emitter): void {
  const { out, names } = emitter;
  const take = `${names.disposals}.${node.kind === 'await using' ? 'later' : 'now'}`;
  out.text('const ', node.start);
  node.declarations.forEach(({ id, init }, index) => {
    if (index > 0) out.text(', ');
    emitter.emit(id);
    out.text(` = ${take}(`);
    if (init) emitter.emitArgument(init);
    out.text(')');
  });
  out.range(node.declarations.at(-1)?.end ?? node.end, node.end);
}
