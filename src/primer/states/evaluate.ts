// `./prime eval`: the effective configuration, where each part of it comes from, and how each state stands. Reads only.
import path from 'node:path';
import { platformKey, requiredNode } from '../config/config.ts';
import type { PrimeContext } from '../context.ts';
import type { Graph } from './graph.ts';
import { lookForNode } from './node-state.ts';

/** All leaps, in order: what each file says, which environment counts, and what counts in the end with the source of each value. */
function leapsOf(context: PrimeContext): object {
  const { config } = context;
  const { leaps, environments, selection } = config.leaps;
  const files = leaps.map(({ name, file, text, said }) => ({ leap: name, file, isThere: text !== undefined, says: said }));
  return {
    input: {
      command: process.argv.slice(2),
      environment: Object.keys(context.env)
        .filter((name) => name.startsWith('PRIME_'))
        .reduce<Record<string, string | undefined>>((all, name) => ({ ...all, [name]: context.env[name] }), {}),
      folder: process.cwd(),
    },
    files,
    environment: {
      selected: selection.selected ?? null,
      link: environments === undefined ? null : path.join(config.root, environments.link),
      conflict: selection.conflict === undefined ? null : selection.conflict.message,
    },
    derived: config.settings().map(({ name, value, from }) => ({ name, value: value ?? null, from: from ?? 'default' })),
  };
}

/** The report, as it is printed. */
export async function evaluate(context: PrimeContext, graph: Graph): Promise<unknown> {
  const { config } = context;
  const node = lookForNode(context);
  const states: Record<string, object> = {};
  for (const state of graph.states)
    states[state.name] = {
      ...(await state.look(context)),
      needs: state.parents.map((parent) => parent.name),
      isProto: graph.isProto(state),
    };
  return {
    root: config.root,
    leaps: leapsOf(context),
    kernel: context.kernel,
    cache: context.cache,
    platform: platformKey(),
    node: {
      required: requiredNode(config).text,
      says: config.wanted.from ?? null,
      found: node?.file ?? null,
      from: node?.from ?? null,
      running: { version: process.versions.node, file: process.execPath },
      pinned: config.nodePackages[platformKey()] ?? null,
    },
    npm: config.npm ?? null,
    states,
    client: config.states ?? null,
    target: config.target,
    built: config.built ?? null,
    apps: config.apps,
    tasks: config.tasks,
  };
}
