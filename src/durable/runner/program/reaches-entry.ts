import type { RunnerBuild } from '../instances/index.ts';

/** Whether a file of the build leads to the program's own file, by imports of user files. That one would run again on a far side. */
export function reachesEntry(build: RunnerBuild, file: string): boolean {
  const { entry } = build.manifest;
  const seen = new Set<string>();
  const queue = [file];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === entry) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...build.targetsOf(next).filter((target) => build.has(target)));
  }
  return false;
}
