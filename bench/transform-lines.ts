// How long the build of user files takes, lowering, parse and table included: node bench/transform-lines.ts [FOLDER OF .ts FILES]
// Without an argument: this package's own sources, again and again until 10,000 lines are reached.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durableExtension } from '../src/durable/transform/index.ts';
import { makeArtefacts } from '../src/modules/make-artefacts.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../src', import.meta.url));
const WANTED_LINES = 10_000;
const options = {
  legacyDecorators: false,
  decoratorMetadata: false,
  keepUnusedImports: true,
  classicJsx: false,
  jsxImportSource: undefined,
};

const sources: { readonly file: string; readonly source: string }[] = [];
let lines = 0;
const files = globSync('**/*.ts', { cwd: folder }).filter((name) => !name.endsWith('.d.ts'));
for (let index = 0; lines < WANTED_LINES && files.length > 0; index++) {
  const file = join(folder, files[index % files.length] ?? '');
  const source = readFileSync(file, 'utf8');
  sources.push({ file, source });
  lines += source.split('\n').length;
}

function buildAll(extension: ReturnType<typeof durableExtension> | undefined): number {
  const start = performance.now();
  for (const { file, source } of sources) makeArtefacts('key', { file, path: file, format: 'module', source, options }, extension);
  return performance.now() - start;
}

const rounds = Array.from({ length: 5 }, () => ({ whole: buildAll(durableExtension()), without: buildAll(undefined) }));
const first = rounds[0];
const best = (of: (round: { whole: number; without: number }) => number): number => Math.min(...rounds.map(of));
console.log(`${sources.length} files, ${lines} lines`);
console.log(`first build: ${first?.whole.toFixed(0)} ms`);
console.log(
  `best of 5: ${best(({ whole }) => whole).toFixed(0)} ms, of it transform ${(best(({ whole }) => whole) - best(({ without }) => without)).toFixed(0)} ms`,
);
