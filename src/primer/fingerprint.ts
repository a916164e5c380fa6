// Hashes that say whether a state still fits what it was made from.
import path from 'node:path';
import { lstat, namesIn, readText } from './files.ts';
import { hashOf } from './integrity.ts';
import { platformKey, requiredNode, type BuildPlan } from './config.ts';
import type { PrimeContext } from './context.ts';

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

/** Names, sizes and times of the sources: cheap enough for every start. An edited, added or removed file changes it. */
export function sourcesKey(root: string, plan: BuildPlan): string {
  const lines: string[] = [];
  const add = (relative: string): void => {
    if (plan.ignored.some((ending) => relative.endsWith(ending))) return;
    const file = path.join(root, relative);
    const facts = lstat(file);
    if (facts === undefined) lines.push(`${relative}\0missing`);
    else if (facts.isDirectory()) for (const name of namesIn(file)) add(`${relative}/${name}`);
    else lines.push(`${relative}\0${facts.size}\0${facts.mtimeMs}`);
  };
  for (const source of plan.sources) add(source);
  return hashOf(...lines);
}
