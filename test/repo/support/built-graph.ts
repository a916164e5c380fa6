// What built files load, read from their text.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { init, parse } from 'es-module-lexer/minimal';
import { root } from '../../../tools/source-imports.ts';

await init();

/** What is reached from some files. */
export interface Reached {
  /** Files, from `dist/`, in the order in which they were met. */
  readonly files: readonly string[];
  /** Names of npm packages, sorted. */
  readonly packages: readonly string[];
  /** Builtins of Node, sorted. */
  readonly builtins: readonly string[];
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Everything that loading `entries` (files of `dist/`) loads; `andLater`: also what their `import()` may load one day. */
export function reachedFrom(entries: readonly string[], andLater: boolean): Reached {
  const dist = path.join(root, 'dist');
  const files = new Set(entries);
  const outside = new Set<string>();
  for (const file of files)
    for (const { n: specifier, d: dynamic } of parse(readFileSync(path.join(dist, file), 'utf8'))[0]) {
      if (specifier === undefined || (dynamic > -1 && !andLater)) continue;
      if (specifier.startsWith('.')) files.add(path.posix.join(path.posix.dirname(file), specifier));
      else outside.add(specifier.startsWith('node:') ? specifier : packageOf(specifier));
    }
  const isBuiltin = (name: string): boolean => name.startsWith('node:');
  return {
    files: [...files],
    packages: [...outside].filter((name) => !isBuiltin(name)).sort(),
    builtins: [...outside].filter(isBuiltin).sort(),
  };
}
