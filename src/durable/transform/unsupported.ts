import type { AnyNode, Program } from 'acorn';
import { ResproutError } from '../../base/errors/errors.ts';
import { childrenOf, textOf } from '../../modules/text/ast.ts';
import type { ParsedFile } from '../../modules/file-extension.ts';

/** Refuses forms that no hook can be put into. @throws ResproutError TRANSFORM_UNSUPPORTED */
export function refuseUnsupported(program: Program, file: ParsedFile): void {
  const visit = (node: AnyNode): void => {
    // The receiver of a call in `with (o) f()` is known at run time only.
    if (node.type === 'WithStatement') throw refusal(node, file);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
}

function refusal(node: AnyNode, file: ParsedFile): ResproutError {
  const at = { file: file.path, ...file.placeOf(node.start) };
  return new ResproutError('TRANSFORM_UNSUPPORTED', `${file.path}:${at.line}:${at.column}: \`with\` cannot run durably`, {
    at,
    tried: `make ${file.path} durable`,
    saw: textOf(file.lowered, node, 60),
    do: 'Name the object in front of each property instead',
  });
}
