// What the rules share while one file is emitted.
// 1. Rules call `emit` for children and never look at how those are written.
// 2. The output has every token of the lowered text in its order, so positions rise and pieces map exactly.
import type { AnyNode, Node } from 'acorn';
import { childrenOf, textOf } from '../../modules/text/ast.ts';
import { isFunctionNode, type OrderedNode } from '../../modules/functions/function-order.ts';
import type { Place } from '../../modules/text/source-map.ts';
import type { InjectedNames } from './scope/free-names.ts';
import type { ModuleReferences } from './module-references.ts';
import { PieceWriter } from './text/pieces.ts';
import type { ScopeAnalysis } from './scope/scope.ts';
import { SiteList } from './sites/site-list.ts';
import { StaticCalls } from './sites/static-calls.ts';

/** The parts of a parsed file that rules need. */
export interface EmitterInput {
  readonly key: string;
  readonly path: string;
  readonly format: 'module' | 'commonjs';
  readonly lowered: string;
  readonly ordered: readonly OrderedNode[];
  readonly names: InjectedNames;
  readonly scopes: ScopeAnalysis;
  readonly references: ModuleReferences;
  readonly functionNames: ReadonlyMap<OrderedNode, string>;
  placeOf(offset: number): Place;
}

/** A function or class that is being emitted. */
interface Frame {
  readonly name: string;
  readonly isFunction: boolean;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
}

/** Writes one node; chosen by `emit-node.ts`. */
export type EmitNode = (node: AnyNode, emitter: Emitter) => void;

export class Emitter {
  readonly input: EmitterInput;
  readonly out: PieceWriter = new PieceWriter();
  readonly sites: SiteList;
  readonly statics: StaticCalls;
  /** Start and end of what `toString` of each function shows, by number; where it is the node itself, nothing is noted. */
  readonly shown: Map<number, readonly [number, number]> = new Map();
  readonly #emitNode: EmitNode;
  readonly #numbers: ReadonlyMap<OrderedNode, number>;
  readonly #awaited = new Set<AnyNode>();
  readonly #frames: Frame[] = [];
  #functions = 0;
  #asyncWrappers = 0;

  constructor(input: EmitterInput, emitNode: EmitNode) {
    this.input = input;
    this.sites = new SiteList(input.path, (offset) => input.placeOf(offset));
    this.statics = new StaticCalls(input.scopes);
    this.#emitNode = emitNode;
    this.#numbers = new Map(input.ordered.map((node, number) => [node, number]));
  }

  get names(): InjectedNames {
    return this.input.names;
  }

  /** The function around, if any. */
  get frame(): Frame | undefined {
    return this.#frames.findLast(({ isFunction }) => isFunction);
  }

  /** Whether an `await` here belongs to the body of the module function, a generator. */
  get awaitsByYield(): boolean {
    return this.#functions === 0 && this.#asyncWrappers === 0 && this.input.format === 'module';
  }

  /** Whether a `var` here must not be declared, since the statement around became a function of its own. */
  get isInsideWrapper(): boolean {
    return this.#functions === 0 && this.#asyncWrappers > 0;
  }

  emit(node: AnyNode): void {
    this.#emitNode(node, this);
  }

  /** Emits a node as one argument: `return a, b` and `o[a, b]` have a comma of their own. */
  emitArgument(node: AnyNode): void {
    const isSequence = node.type === 'SequenceExpression';
    if (isSequence) this.out.text('(');
    this.emit(node);
    if (isSequence) this.out.text(')');
  }

  /** Text of a node on one line, cut. */
  text(node: Node): string {
    return textOf(this.input.lowered, node, 60);
  }

  /** Takes the node over as it is, with its children emitted. */
  copy(node: AnyNode): void {
    this.copyBetween(node.start, node.end, childrenOf(node));
  }

  /** Takes `[start, end)` over as it is, with these children emitted, which lie inside and do not overlap. */
  copyBetween(start: number, end: number, children: readonly AnyNode[]): void {
    let position = start;
    for (const child of children.toSorted((a, b) => a.start - b.start)) {
      this.out.range(position, child.start);
      this.emit(child);
      position = child.end;
    }
    this.out.range(position, end);
  }

  /** Emits nodes with commas between. */
  list(nodes: readonly AnyNode[]): void {
    nodes.forEach((node, index) => {
      if (index > 0) this.out.text(', ');
      this.emit(node);
    });
  }

  /** Says that the value of this expression is awaited at once. */
  markAwaited(node: AnyNode): void {
    this.#awaited.add(node);
  }

  /** Adds a site; returns the text that reaches it, such as `$ds[3]`. */
  site(node: AnyNode, label: string): string {
    const owner = this.#frames.map(({ name }) => name).join('/');
    return `${this.names.sites}[${this.sites.add(owner, label, node.start, this.#awaited.has(node))}]`;
  }

  /** The brand of a function or class of this file. */
  brand(node: OrderedNode): string {
    return `/*~$d${this.input.key}:${this.numberOf(node)}*/`;
  }

  numberOf(node: OrderedNode): number {
    return this.#numbers.get(node) ?? -1;
  }

  /** Runs `body` inside a function or class of the file. */
  inside(node: OrderedNode, body: () => void): void {
    const isFunction = isFunctionNode(node);
    this.#frames.push({
      name: this.input.functionNames.get(node) ?? 'fn',
      isFunction,
      isAsync: isFunction && node.async,
      isGenerator: isFunction && node.generator,
    });
    if (isFunction) this.#functions++;
    body();
    if (isFunction) this.#functions--;
    this.#frames.pop();
  }

  /** Runs `body` inside an async function that the transform adds at the top level. */
  insideWrapper(body: () => void): void {
    this.#asyncWrappers++;
    body();
    this.#asyncWrappers--;
  }
}
