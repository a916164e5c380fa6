import type { ExportDefaultDeclaration } from 'acorn';
import type { Emitter } from '../../emitter.ts';
import { emitFunction } from '../function.ts';

/**
 * `export default`: a named declaration stays one, an anonymous function gets a name and is hoisted as before,
 * anything else becomes a const whose functions and classes are still named `default`.
 */
export function emitExportDefault(node: ExportDefaultDeclaration, emitter: Emitter): void {
  const { out, names } = emitter;
  const { declaration } = node;
  if (declaration.type === 'FunctionDeclaration') {
    if (declaration.id) emitter.emit(declaration);
    else emitFunction(declaration, emitter, { name: names.byDefault });
    return;
  }
  if (declaration.type === 'ClassDeclaration' && declaration.id) {
    emitter.emit(declaration);
    return;
  }
  out.text(`const { default: ${names.byDefault} } = { default: `, node.start);
  emitter.emit(declaration);
  out.text(' };');
}
