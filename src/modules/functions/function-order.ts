import type {
  AnonymousClassDeclaration,
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  ClassDeclaration,
  ClassExpression,
  FunctionDeclaration,
  FunctionExpression,
  Program,
} from 'acorn';
import { childrenOf } from '../text/ast.ts';

/** Any node that declares or makes a function. Methods, accessors and constructors are the FunctionExpression that is their value. */
export type FunctionNode = FunctionDeclaration | AnonymousFunctionDeclaration | FunctionExpression | ArrowFunctionExpression;
export type ClassNode = ClassDeclaration | AnonymousClassDeclaration | ClassExpression;
/** A function or class of a lowered text: what gets a number and a brand. */
export type OrderedNode = FunctionNode | ClassNode;

export function isFunctionNode(node: AnyNode): node is FunctionNode {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

export function isClassNode(node: AnyNode): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/**
 * The one numbering of functions: index in the result = `n` of the function table = number in the brand.
 * All functions and classes of the AST by where they start in the lowered text. Two never start at the same place, and whatever contains
 * another one starts before it; so a visit in source order, outer before inner, meets them in exactly this order.
 */
export function functionOrder(program: Program): readonly OrderedNode[] {
  const found: OrderedNode[] = [];
  const visit = (node: AnyNode): void => {
    if (isFunctionNode(node) || isClassNode(node)) found.push(node);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return found.toSorted((a, b) => a.start - b.start);
}
