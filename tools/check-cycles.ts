// Checks that no file of src/ imports itself, however far round, type imports included. Prints the shortest circle of each knot.
import { importGraph } from './source-imports.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

/** The shortest way from a file back to itself, without the file at its end; undefined when there is none. */
function circleOf(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const target of graph.get(file) ?? []) {
      if (target === start) {
        const circle = [file];
        for (let at = file; at !== start;) circle.unshift((at = cameFrom.get(at) ?? start));
        return circle;
      }
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, file);
      queue.push(target);
    }
  }
  return undefined;
}

/** One circle for each knot of files. Each is written from the first of its files by name. */
export function circlesOf(graph: Graph): string[][] {
  const circles: string[][] = [];
  const seen = new Set<string>();
  for (const start of [...graph.keys()].sort()) {
    if (seen.has(start)) continue;
    const circle = circleOf(graph, start);
    if (circle === undefined) continue;
    for (const file of circle) seen.add(file);
    circles.push(circle);
  }
  return circles;
}

if (import.meta.main) {
  const graph = importGraph();
  const arrows = [...graph.values()].reduce((count, targets) => count + targets.length, 0);
  const circles = circlesOf(graph);
  for (const circle of circles) console.error(`circle of ${circle.length}:\n  ${[...circle, circle[0]].join('\n  -> ')}`);
  if (arrows === 0) console.error(`no import was seen in ${graph.size} files of src/`);
  console.log(`${graph.size} files of src/, ${arrows} imports, ${circles.length} circles`);
  process.exitCode = circles.length > 0 || arrows === 0 ? 1 : 0;
}
