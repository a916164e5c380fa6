// Names that the public entries export: the far face of the package has the same ones.
import { readFileSync } from 'node:fs';
import { init, parse } from 'es-module-lexer/minimal';
import { transformSync } from 'oxc-transform';

const ENTRIES: Readonly<Record<string, string>> = {
  '.': 'index',
  './remote': 'remote',
  './durable': 'durable',
  './supervisor': 'supervisor',
  './worker': 'worker',
  './testing': 'testing',
};

/** Export names of a file of `src`, types left out, with those of our own files that it re-exports by `*`. */
function namesOf(file: string): string[] {
  const url = new URL(`../src/${file}`, import.meta.url);
  const text = transformSync(file, readFileSync(url, 'utf8'), { typescript: { onlyRemoveTypeImports: true } }).code;
  const whole = [...text.matchAll(/^\s*export\s*\*\s*from\s*['"]\.\/(.+)['"]/gm)].map(([, path = '']) => path);
  if (whole.length !== [...text.matchAll(/^\s*export\s*\*/gm)].length)
    throw new Error(`src/${file} re-exports with *: the far face needs every name written out`);
  const own = parse(text, file)[1].map((found) => found.n ?? '');
  return [...own.filter((name) => name !== ''), ...whole.flatMap((path) => namesOf(path))];
}

/** Export names of each entry. Entries only re-export, which the lexer reads as written. */
export async function faceNames(): Promise<Record<string, string[]>> {
  await init();
  return Object.fromEntries(Object.entries(ENTRIES).map(([entry, file]) => [entry, namesOf(`${file}.ts`)]));
}
