// What `./prime graph` prints: parents first, each state with the runtime that it belongs to.
import type { Graph } from './graph.ts';

/** One line a state. */
export function graphText(graph: Graph): string {
  return graph.states
    .map((state) => {
      const needs = state.parents.length === 0 ? '' : `  needs ${state.parents.map((parent) => parent.name).join(', ')}`;
      return `${graph.isProto(state) ? 'proto' : 'meta '}  ${state.name.padEnd(12)} ${state.does}${needs}\n`;
    })
    .join('');
}

/** As a Mermaid flowchart: a box for each runtime, an arrow from each parent. */
export function graphMermaid(graph: Graph): string {
  const { states, names } = graph;
  // Names of states may be words of Mermaid: numbers stand for them.
  const id = (name: string): string => `s${names.indexOf(name)}`;
  const box = (runtime: string, isProto: boolean): string[] => {
    const inside = states.filter((state) => graph.isProto(state) === isProto);
    return inside.length === 0 ? [] : [`  subgraph ${runtime}`, ...inside.map(({ name }) => `    ${id(name)}["${name}"]`), '  end'];
  };
  const arrows = states.reduce<string[]>(
    (all, state) => [...all, ...state.parents.map((parent) => `  ${id(parent.name)} --> ${id(state.name)}`)],
    [],
  );
  return `${['flowchart TD', ...box('proto', true), ...box('meta', false), ...arrows].join('\n')}\n`;
}
