// What does the build of a program cost? Made-up programs of 20 and 200 modules: cold, from the cache folder, again in the same process.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'oxc-transform';
import { durableExtension } from '../src/durable/transform/index.ts';
import { createBuilder, type Builder } from '../src/modules/index.ts';
import { createDisk } from '../src/platform/disk/disk.ts';
import { inTurn, type Bench, type Row } from './support/bench.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const COUNTS = [20, 200];
const SLICES = 5;

function moduleText(n: number, count: number): string {
  const children = [2 * n + 1, 2 * n + 2].filter((child) => child < count);
  const imports = children.map(
    (child) => `import { f${child}_0 } from './m${child}.ts';\nexport const use${child} = () => f${child}_0({ id: 1, name: 'x' });\n`,
  );
  const functions = Array.from(
    { length: 12 },
    (_, k) =>
      `export async function f${n}_${k}(input: { id: number; name: string }, items: readonly string[] = []): Promise<string> {\n` +
      `  const found = items.filter((item) => item.startsWith(input.name)).map((item, index) => ({ item, index, id: input.id }));\n` +
      `  for (const one of found) await Promise.resolve(one.item.trim());\n` +
      `  return found.map(({ item }) => item).join(',');\n}\n`,
  );
  return [...imports, ...functions].join('');
}

function writeProgram(folder: string, count: number): void {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "program", "type": "module" }');
  for (let n = 0; n < count; n++) writeFileSync(path.join(folder, `m${n}.ts`), moduleText(n, count));
}

/** The least that anything does with a program: read each file, take the types out. @returns bytes of the sources */
function readAndLower(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
    const text = readFileSync(path.join(folder, name), 'utf8');
    bytes += text.length;
    transformSync(name, text, { sourcemap: true });
  }
  return bytes;
}

async function rowsOf(program: string, cacheFolder: string, count: number): Promise<Row[]> {
  const entry = path.join(program, 'm0.ts');
  // As a store has it: manifests are synced, artefacts are not.
  const builder = (): Builder =>
    createBuilder({ disk: createDisk(), cacheFolder, extend: durableExtension(), artefactDisk: createDisk({ sync: false }) });
  let last = builder();
  const cold = (): void => {
    rmSync(cacheFolder, { recursive: true, force: true });
    last = builder();
    last.build(entry);
  };
  const cached = (): void => {
    last = builder();
    last.build(entry);
  };
  const again = (): void => void last.build(entry);
  const taken = await inTurn(SLICES, { lower: () => void readAndLower(program), cold, cached, again });
  const of = `${count} modules, ${Math.round(readAndLower(program) / 1000)} kB`;
  const peer = { unit: 'ms', peer: 'reading each file and taking its types out', theirs: taken.lower } as const;
  return [
    { figure: `${of}: first build`, ours: taken.cold, ...peer },
    { figure: `${of}: from the store`, ours: taken.cached, ...peer },
    { figure: `${of}: again in the process`, ours: taken.again, ...peer },
  ];
}

export const bench: Bench = {
  name: 'build-programs',
  question: 'What does the build of a program cost?',
  async run() {
    using folder = workFolder();
    const rows: Row[] = [];
    for (const count of COUNTS) {
      const program = path.join(folder.path, `program-${count}`);
      writeProgram(program, count);
      rows.push(...(await rowsOf(program, path.join(folder.path, 'cache'), count)));
    }
    return rows;
  },
};

if (import.meta.main) await runAlone(bench);
