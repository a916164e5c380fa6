// The same failure on many hosts is one block that names them.
import type { Recipe } from '../../remote/connect/index.ts';
import type { ShownProblem } from '../render/errors/problem.ts';
import type { Host } from './choose-targets.ts';

/** A host on which it went wrong. */
export interface Failure {
  readonly host: Host;
  readonly problem: ShownProblem;
  readonly exit: number;
}

/** Failures that have one cause, as far as their texts tell. */
export interface RootCause {
  /** That of the first of them. */
  readonly problem: ShownProblem;
  readonly hosts: readonly Host[];
}

/** Failures by their cause, the one of most hosts first. */
export function rootCauses(failures: readonly Failure[]): readonly RootCause[] {
  const causes = new Map<string, { readonly problem: ShownProblem; readonly hosts: Host[] }>();
  for (const { host, problem } of failures) {
    const key = causeKey(problem, host);
    const known = causes.get(key);
    if (known === undefined) causes.set(key, { problem, hosts: [host] });
    else known.hosts.push(host);
  }
  return [...causes.values()].toSorted((a, b) => b.hosts.length - a.hosts.length);
}

/** What a recipe calls the place that it opens: its host, its container, its folder. */
function placesIn(recipe: Recipe): string[] {
  return Object.entries(recipe).flatMap(([field, value]) =>
    typeof value === 'string' && value !== '' && !['method', 'node', 'user'].includes(field) ? [value] : [],
  );
}

/** What is said of a failure, without what names its host. */
function causeKey({ code, message, saw, at, causes }: ShownProblem, host: Host): string {
  const names = [host.label, host.name, host.target, ...host.recipes.flatMap(placesIn)];
  const words = [...new Set(names)].toSorted((a, b) => b.length - a.length).map((word) => word.replaceAll(/[^\w\s-]/g, '\\$&'));
  const anyName = new RegExp(`(?<![\\w.-])(?:${words.join('|')})(?![\\w-])`, 'g');
  return [code, message, saw, at?.file, at?.line, causes?.join()].map((text) => String(text).replaceAll(anyName, '@')).join('\n');
}

const LINE_CHARS = 90;

/** Names as lines of text. */
export function namesText(names: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const [at, name] of names.entries()) {
    const word = at === names.length - 1 ? name : `${name},`;
    if (line !== '' && line.length + 1 + word.length > LINE_CHARS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
