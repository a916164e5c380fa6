import type { Program } from 'acorn';
import type { FunctionEntry } from '../../base/builds/build.ts';
import { functionPaths } from './function-paths.ts';
import { functionOrder, isClassNode, type OrderedNode } from './function-order.ts';
import type { OriginFinder } from '../text/source-map.ts';
import { topLevelNames } from './top-level-names.ts';

/** All functions and classes of one text with how they are reached. */
export interface FunctionTable {
  readonly ordered: readonly OrderedNode[];
  /** `functions[n]` belongs to `ordered[n]`. */
  readonly functions: readonly FunctionEntry[];
  /** Top-level consts made by a call: name to the text of the call. */
  readonly wrapped: Readonly<Record<string, string>>;
  /** Local names to the names they are exported under. */
  readonly exportsOf: ReadonlyMap<string, readonly string[]>;
}

function nameOf(node: OrderedNode): string | undefined {
  return 'id' in node && node.id ? node.id.name : undefined;
}

/** Makes the table of a lowered text (or of the text that a loader gave V8). `origin` gives places in the TypeScript. */
export function functionTable(source: string, program: Program, origin: OriginFinder): FunctionTable {
  const names = topLevelNames(source, program);
  const paths = functionPaths(source, program, names);
  const ordered = functionOrder(program);
  const functions = ordered.map((node, n): FunctionEntry => {
    const found = paths.get(node);
    const isFunction = !isClassNode(node);
    return {
      n,
      path: found?.path ?? null,
      kind: found?.kind ?? 'nested',
      name: nameOf(node),
      async: isFunction && node.async,
      generator: isFunction && node.generator,
      exports: found?.exports ?? [],
      ...origin.placeOf(node.start),
      range: [node.start, node.end],
      body: node.body.start,
      why: found?.path ? undefined : (found?.why ?? { rule: 'nested', wraps: 'a top-level statement' }),
    };
  });
  return { ordered, functions, wrapped: names.wrapped, exportsOf: names.exportsOf };
}
