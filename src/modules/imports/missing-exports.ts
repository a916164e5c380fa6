import type { BuildProblem } from '../../base/builds/build.ts';
import type { GraphPart } from '../build/user-files.ts';

/** Whether an ES module exports a name; undefined when that cannot be known here (`export *` from a package). */
function exportsName(graph: GraphPart, file: string, name: string, seen: Set<string>): boolean | undefined {
  const table = graph.tables.get(file);
  if (table?.format !== 'module') return undefined;
  if (table.exports.includes(name)) return true;
  if (seen.has(file) || name === 'default') return false;
  seen.add(file);
  let answer: boolean | undefined = false;
  for (const specifier of table.stars) {
    const target = graph.resolution.get(file)?.[`i:${specifier}`];
    const below = target === undefined ? undefined : exportsName(graph, target, name, seen);
    if (below === true) return true;
    if (below === undefined) answer = undefined;
  }
  return answer;
}

/**
 * Names that user files import from user files which do not export them. On the far side that is a link error of the whole file;
 * the cause is nearly always a type imported without `type`.
 */
export function missingExports(graph: GraphPart): readonly BuildProblem[] {
  const problems: BuildProblem[] = [];
  for (const [file, table] of graph.tables) {
    for (const { specifier, name, line, column } of table.named) {
      const target = graph.resolution.get(file)?.[`i:${specifier}`];
      if (target === undefined || exportsName(graph, target, name, new Set()) !== false) continue;
      const message = `${table.path}:${line}:${column}: '${specifier}' has no export "${name}"; if it is a type, write import type { ${name} }`;
      problems.push({ code: 'BUILD_EXPORT_MISSING', file, specifier, importKind: 'i', message });
    }
  }
  return problems;
}
