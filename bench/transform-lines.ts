// What does it cost to make 10,000 lines durable? This package's own sources; types out, parse, table and calls written again.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { durableExtension } from '../src/durable/transform/index.ts';
import { makeArtefacts } from '../src/modules/build/make-artefacts.ts';
import { inTurn, type Bench } from './support/bench.ts';
import { runAlone } from './support/run-alone.ts';

const FOLDER = fileURLToPath(new URL('../src', import.meta.url));
const WANTED_LINES = 10_000;
const SLICES = 7;
const OPTIONS = {
  legacyDecorators: false,
  decoratorMetadata: false,
  keepUnusedImports: true,
  classicJsx: false,
  jsxImportSource: undefined,
};

interface Source {
  readonly file: string;
  readonly source: string;
}

function sources(): { readonly files: readonly Source[]; readonly lines: number } {
  const names = globSync('**/*.ts', { cwd: FOLDER })
    .filter((name) => !name.endsWith('.d.ts'))
    .sort();
  const files: Source[] = [];
  let lines = 0;
  for (let index = 0; lines < WANTED_LINES; index++) {
    const file = path.join(FOLDER, names[index % names.length] ?? '');
    const source = readFileSync(file, 'utf8');
    files.push({ file, source });
    lines += source.split('\n').length;
  }
  return { files, lines };
}

export const bench: Bench = {
  name: 'transform-lines',
  question: 'What does it cost to make 10,000 lines durable?',
  async run() {
    const { files, lines } = sources();
    const build = (extension: ReturnType<typeof durableExtension> | undefined) => (): void => {
      for (const { file, source } of files) {
        makeArtefacts('key', { file, path: file, format: 'module', source, options: OPTIONS }, extension);
      }
    };
    const taken = await inTurn(SLICES, { ours: build(durableExtension()), theirs: build(undefined) });
    const figure = `${files.length} files, ${lines.toLocaleString('en-US')} lines, with calls written again`;
    return [{ figure, unit: 'ms', ...taken, peer: 'the same files without: types out, parse, function table' }];
  },
};

if (import.meta.main) await runAlone(bench);
