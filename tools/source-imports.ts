// What the sources import, as their text says: type imports, re-exports and `import()` count like any other.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const IMPORT = /\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g;

/** Repository folder. */
export const root: string = path.resolve(import.meta.dirname, '..');

/** Specifiers that a file imports, in order, each once. */
export function specifiersOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...new Set([...text.matchAll(IMPORT)].map(([, specifier = '']) => specifier))];
}

const STATEMENT = /^(?:import|export)\s+(?!type\b)[^;']*?\bfrom\s*'([^'\n]+)'|^import\s+'([^'\n]+)'|\bimport\(\s*'([^'\n]+)'\s*\)/gm;

/** Specifiers that a file needs when it runs, in order, each once: type imports left out. */
export function valueImports(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...new Set([...text.matchAll(STATEMENT)].map(([, from, only, later]) => from ?? only ?? later ?? ''))];
}

/** The product's files, `src/…` with `/`, without tests and declarations. */
export function sourceFiles(): string[] {
  return globSync('src/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
    .sort();
}

/** Each source file with the source files that it imports. */
export function importGraph(): ReadonlyMap<string, readonly string[]> {
  const files = new Set(sourceFiles());
  const importsOf = (file: string): string[] =>
    specifiersOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => path.posix.join(path.posix.dirname(file), specifier))
      .filter((target) => files.has(target));
  return new Map([...files].map((file) => [file, importsOf(file)]));
}
