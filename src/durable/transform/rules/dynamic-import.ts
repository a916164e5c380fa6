import type { ImportExpression } from 'acorn';
import type { Emitter } from '../emitter.ts';

/** `import(x, o)` becomes `$d.imp(s, $imp, x, o)`. */
export function emitImportExpression(node: ImportExpression, emitter: Emitter): void {
  const { out, names } = emitter;
  out.text(`${names.hook}.imp(${emitter.site(node, `import(${emitter.text(node.source)})`)}, ${names.load}, `, node.start);
  emitter.emit(node.source);
  if (node.options) {
    out.text(', ');
    emitter.emit(node.options);
  }
  out.text(')');
}
