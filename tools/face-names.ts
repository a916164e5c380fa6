// Names that the public entries export: the far face of the package has the same ones.
import { readFileSync } from 'node:fs';
import { init, parse } from 'es-module-lexer';

const ENTRIES: Readonly<Record<string, string>> = {
  '.': 'index',
  './remote': 'remote',
  './durable': 'durable',
  './worker': 'worker',
  './testing': 'testing',
};

/** Export names of each entry, from what `tsc -b` has written. Entries only re-export by name, which the lexer reads as written. */
export async function faceNames(): Promise<Record<string, string[]>> {
  await init;
  const names: Record<string, string[]> = {};
  for (const [entry, file] of Object.entries(ENTRIES)) {
    const text = readFileSync(new URL(`../dist/${file}.js`, import.meta.url), 'utf8');
    if (/^\s*export\s*\*/m.test(text)) throw new Error(`dist/${file}.js re-exports with *: the far face needs every name written out`);
    names[entry] = parse(text, `${file}.js`)[1].map((found) => found.n ?? '').filter((name) => name !== '');
  }
  return names;
}
