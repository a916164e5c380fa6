// What `Function.prototype.toString` shows of the functions of a file. Of JavaScript that is the text as it stands on disk, as under plain Node; of
// TypeScript the lowered text.
import type { AnyNode, MethodDefinition, Property } from 'acorn';
import { childrenOf } from '../../../modules/text/ast.ts';
import type { ParsedFile } from '../../../modules/file-extension.ts';
import { functionOrder, isClassNode, isFunctionNode } from '../../../modules/functions/function-order.ts';
import { parseText } from '../../../modules/text/parse.ts';
import { skipBlanks } from '../rules/function.ts';

/** A text, and start and end of each function in it by its number. */
export interface ShownText {
  readonly text: string;
  readonly ranges: readonly (readonly [number, number])[];
}

const JAVASCRIPT = /\.[cm]?js$/;

/** @param lowered where they stand in the lowered text */
export function shownText(file: ParsedFile, lowered: ShownText['ranges']): ShownText {
  const own = JAVASCRIPT.test(file.file) ? rangesIn(file.source, file.format) : undefined;
  return own?.length === lowered.length ? { text: file.source, ranges: own } : { text: file.lowered, ranges: lowered };
}

/** Functions and classes in the order of their brands; undefined for a text that acorn cannot read. */
function rangesIn(text: string, format: ParsedFile['format']): ShownText['ranges'] | undefined {
  try {
    const program = parseText(text, format);
    const methods = methodRanges(text, program);
    return functionOrder(program).map((node) => methods.get(node) ?? [node.start, node.end]);
  } catch {
    // The lowered text was read: what is left is shown as that.
    return undefined;
  }
}

/** A method, getter, setter or constructor: all of it, without `static`. */
function methodRanges(text: string, program: AnyNode): Map<AnyNode, readonly [number, number]> {
  const found = new Map<AnyNode, readonly [number, number]>();
  const visit = (node: AnyNode): void => {
    if (isMethod(node)) found.set(node.value as AnyNode, [startOfMethod(text, node), node.end]);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return found;
}

function isMethod(node: AnyNode): node is MethodDefinition | Property {
  if (node.type === 'MethodDefinition') return true;
  return node.type === 'Property' && (node.method || node.kind !== 'init') && (isFunctionNode(node.value) || isClassNode(node.value));
}

function startOfMethod(text: string, node: MethodDefinition | Property): number {
  return node.type === 'MethodDefinition' && node.static ? skipBlanks(text, node.start + 'static'.length) : node.start;
}
