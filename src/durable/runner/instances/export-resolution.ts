// GetExportedNames and ResolveExport of the language, over the tables of the files.
import type { ResolvedExport, UserModule } from './module-types.ts';

/** Names that a module exports, ambiguous ones too. */
export function exportNames(module: UserModule, seen: Set<UserModule> = new Set()): ReadonlySet<string> {
  if (seen.has(module)) return new Set();
  seen.add(module);
  const { link } = module.facts.form;
  if (link === null) return new Set(['default', ...module.facts.table.exports]);
  const names = new Set(link.exports.map(({ name }) => name));
  for (const star of link.stars) {
    const dep = module.deps[star];
    if (dep === undefined || dep.kind === 'problem') continue;
    const inner = dep.kind === 'user' ? exportNames(dep, seen) : Object.keys(dep.namespace ?? {});
    for (const name of inner) if (name !== 'default') names.add(name);
  }
  return names;
}

/** What an exported name stands for; undefined when there is no such export. */
export function resolveExport(module: UserModule, name: string, seen: Set<string> = new Set()): ResolvedExport | undefined {
  const mark = `${module.file}\0${name}`;
  if (seen.has(mark)) return undefined;
  seen.add(mark);
  const { link } = module.facts.form;
  if (link === null) return exportNames(module).has(name) ? { kind: 'own', module, name, local: name } : undefined;
  const entry = link.exports.find((candidate) => candidate.name === name);
  if (entry?.kind === 'local') return { kind: 'own', module, name, local: entry.local };
  if (entry?.kind === 'from') return resolveIn(module, entry.dep, entry.from, seen);
  return name === 'default' ? undefined : resolveStars(module, link.stars, name, seen);
}

function resolveIn(module: UserModule, dep: number, name: string, seen: Set<string>): ResolvedExport | undefined {
  const target = module.deps[dep];
  if (target === undefined || target.kind === 'problem') return undefined;
  if (name === '*') return { kind: 'namespace', of: target };
  if (target.kind === 'user') return resolveExport(target, name, seen);
  return Reflect.has(target.namespace ?? {}, name) ? { kind: 'external', external: target, name } : undefined;
}

function resolveStars(module: UserModule, stars: readonly number[], name: string, seen: Set<string>): ResolvedExport | undefined {
  let found: ResolvedExport | undefined;
  for (const star of stars) {
    const resolved = resolveIn(module, star, name, seen);
    if (resolved === undefined) continue;
    if (resolved.kind === 'ambiguous') return resolved;
    if (found !== undefined && !isSame(found, resolved)) return { kind: 'ambiguous' };
    found ??= resolved;
  }
  return found;
}

function isSame(a: ResolvedExport, b: ResolvedExport): boolean {
  if (a.kind === 'own' && b.kind === 'own') return a.module === b.module && a.local === b.local;
  if (a.kind === 'external' && b.kind === 'external') return a.external === b.external && a.name === b.name;
  return a.kind === 'namespace' && b.kind === 'namespace' && a.of === b.of;
}
