// The transition: the graph of the kernel becomes that of the repository.
// 1. Before it, states of the kernel that need no package; after it, all of them. What was reached stays reached.
// 2. A state of the kernel is changed only when the configuration says so: otherwise starts that need no other state could not do without
//    loading the module.
import type { ClientStates } from '../config/client-states.ts';
import type { PrimeContext } from '../context.ts';
import { near } from '../near.ts';
import { PrimeError } from '../problem.ts';
import type { Graph } from '../states/graph.ts';
import { clientState, innerName } from './client-state.ts';
import { loadStates } from './load-states.ts';
import { parseStates } from './parse-states.ts';

/** Loads the module, whose `needs` is reached, and puts its states into the graph. @throws PrimeError PRIME_STATES_INVALID */
export async function extendGraph(graph: Graph, context: PrimeContext, client: ClientStates): Promise<void> {
  const { module, overrides } = client;
  const refuse = (message: string, cure: string): never => {
    throw new PrimeError('PRIME_STATES_INVALID', message, { at: module, do: cure });
  };
  const changed = new Set<string>();
  for (const state of parseStates(module, await loadStates(context.config, client))) {
    const { kind, name } = state;
    if (kind === 'add') {
      if (graph.has(name)) refuse(`there is a state named ${name} already`, 'Give it another name, or use replaceState or wrapState');
      graph.put(clientState(state));
      continue;
    }
    if (!graph.has(name))
      refuse(`there is no state named ${name} to ${kind}`, near(name, graph.names) ?? `States here: ${graph.names.join(', ')}`);
    // States of the module itself may be changed freely: nothing is reached without it.
    const isProto = graph.isProto(graph.find(name)) || changed.has(name);
    if (isProto) changed.add(name);
    if (isProto && !overrides.includes(name))
      refuse(`${module} changes ${name}, and the configuration does not say so`, `Add "${name}" to states.overrides in prime.config.json`);
    if (kind === 'replace' && graph.isReached(name))
      refuse(`${name} was reached before ${module} was loaded`, 'Set states.needs in prime.config.json to a state before it, such as node');
    const inner = innerName(graph, name);
    graph.put(clientState(state, inner), kind === 'wrap' ? inner : undefined);
  }
  graph.isExtended = true;
  const idle = overrides.find((name) => !changed.has(name));
  if (idle !== undefined) refuse(`${module} does not change ${idle}`, `Remove "${idle}" from states.overrides in prime.config.json`);
  for (const state of graph.states)
    for (const parent of state.parents)
      if (!graph.has(parent.name))
        refuse(`state ${state.name} needs ${parent.name}, which is not here`, `States here: ${graph.names.join(', ')}`);
  const circle = graph.circle();
  if (circle !== undefined) refuse(`states need each other in a circle: ${circle.join(', ')}`, 'Take one of these parents away');
}

/** Whether a target cannot be reached without the client's module: the kernel does not know it, or something on the way to it is changed. */
export function needsClient(graph: Graph, client: ClientStates | undefined, target: string): client is ClientStates {
  if (client === undefined) return false;
  return !graph.has(target) || graph.closureOf(target).some((name) => client.overrides.includes(name));
}
