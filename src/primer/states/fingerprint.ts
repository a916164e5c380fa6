// Hashes that say whether a state still fits what it was made from.
import path from 'node:path';
import { lstat, namesIn, readText } from '../files.ts';
import { hashOf } from '../cache/integrity.ts';
import { platformKey, requiredNode, type BuildPlan } from '../config.ts';
import type { PrimeContext } from '../context.ts';

/** Raised when what a state does changes, so that older stamps no longer count. */
const FORMAT = '1';

/** Configuration, Node version, platform, kernel, manifest and lockfile: what the installed packages depend on. */
export function packagesKey(context: PrimeContext): string {
  const text = (name: string): string => readText(path.join(context.config.root, name)) ?? '';
  return hashOf(
    FORMAT,
    ...context.config.texts,
    requiredNode(context.config),
    platformKey(),
    readText(context.kernel) ?? '',
    text('package.json'),
    text('package-lock.json'),
    text('.npmrc'),
  );
}

/** One line per source: name, size, time. Cheap enough for every start; an edited, added or removed file changes them. */
export function sourceLines(root: string, plan: BuildPlan): string[] {
  const lines: string[] = [];
  const add = (relative: string): void => {
    if (plan.ignored.some((ending) => relative.endsWith(ending))) return;
    const file = path.join(root, relative);
    const facts = lstat(file);
    if (facts === undefined) lines.push(JSON.stringify([relative]));
    else if (facts.isDirectory()) for (const name of namesIn(file)) add(`${relative}/${name}`);
    else lines.push(JSON.stringify([relative, facts.size, facts.mtimeMs]));
  };
  for (const source of plan.sources) add(source);
  return lines;
}

/** Whether a source changed without getting a newer time, as copies and archives do: build tools that compare times do not see it. */
export function changedBackwards(before: readonly string[], now: readonly string[], builtMs: number): boolean {
  const known = new Set(before);
  return now.some((line) => {
    if (known.has(line)) return false;
    const [, , modifiedMs]: readonly unknown[] = JSON.parse(line) as unknown[];
    return typeof modifiedMs === 'number' && modifiedMs <= builtMs;
  });
}
