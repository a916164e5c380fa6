// Names that the public entries export: the far face of the package has the same ones.
import { readFileSync } from 'node:fs';
import { init, parse } from 'es-module-lexer/minimal';
import { transformSync } from 'oxc-transform';

const ENTRIES: Readonly<Record<string, string>> = {
  '.': 'index',
  './remote': 'remote',
  './durable': 'durable',
  './worker': 'worker',
  './testing': 'testing',
};

/** Export names of each entry, types left out. Entries only re-export by name, which the lexer reads as written. */
export async function faceNames(): Promise<Record<string, string[]>> {
  await init();
  const names: Record<string, string[]> = {};
  for (const [entry, file] of Object.entries(ENTRIES)) {
    const source = readFileSync(new URL(`../src/${file}.ts`, import.meta.url), 'utf8');
    const text = transformSync(`${file}.ts`, source, { typescript: { onlyRemoveTypeImports: true } }).code;
    if (/^\s*export\s*\*/m.test(text)) throw new Error(`src/${file}.ts re-exports with *: the far face needs every name written out`);
    names[entry] = parse(text, `${file}.ts`)[1]
      .map((found) => found.n ?? '')
      .filter((name) => name !== '');
  }
  return names;
}
