// `./prime eval`: the effective configuration and how each state stands. Reads only.
import { platformKey, requiredNode } from '../config.ts';
import type { PrimeContext } from '../context.ts';
import type { AnyState } from './graph.ts';
import { lookForNode } from './node-state.ts';

/** The report, as it is printed. */
export function evaluate(context: PrimeContext, states: readonly AnyState[]): unknown {
  const { config } = context;
  const node = lookForNode(context);
  return {
    root: config.root,
    kernel: context.kernel,
    cache: context.cache,
    platform: platformKey(),
    node: {
      required: requiredNode(config),
      found: node?.file ?? null,
      from: node?.from ?? null,
      running: { version: process.versions.node, file: process.execPath },
      pinned: config.nodePackages[platformKey()] ?? null,
    },
    npm: config.npm,
    states: Object.fromEntries(
      states.map((state) => [state.name, { ...state.look(context), needs: state.parents.map((parent) => parent.name) }]),
    ),
    built: config.built,
    apps: config.apps,
    tasks: config.tasks,
  };
}
