// Times builds of made-up programs: `node bench/build-programs.ts [COUNT…]` (default 20 200). Cold, from the cache folder, and again in
// the same process; lowered text and table only, then with module functions as sessions need them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableExtension } from '../src/durable/transform/index.ts';
import { createBuilder, type FileExtension } from '../src/modules/index.ts';
import { createDisk } from '../src/platform/disk.ts';

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

function writeProgram(folder: string, count: number): number {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "program", "type": "module" }');
  let bytes = 0;
  for (let n = 0; n < count; n++) {
    const text = moduleText(n, count);
    bytes += text.length;
    writeFileSync(join(folder, `m${n}.ts`), text);
  }
  return bytes;
}

const time = (run: () => unknown): string => {
  const start = performance.now();
  run();
  return `${(performance.now() - start).toFixed(0)} ms`;
};

function measure(entry: string, cacheFolder: string, extend: FileExtension | undefined, sync: boolean): string {
  rmSync(cacheFolder, { recursive: true, force: true });
  const builder = (): ReturnType<typeof createBuilder> =>
    createBuilder({ disk: createDisk({ sync }), cacheFolder, extend, artefactDisk: createDisk({ sync: false }) });
  const cold = time(() => builder().build(entry));
  const warm = builder();
  return `cold ${cold}, from the cache ${time(() => warm.build(entry))}, again ${time(() => warm.build(entry))}`;
}

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [20, 200];
const folder = mkdtempSync(join(tmpdir(), 'resprout-bench-'));
try {
  for (const count of counts) {
    const program = join(folder, `program-${count}`);
    const bytes = writeProgram(program, count);
    const entry = join(program, 'm0.ts');
    const cache = join(folder, 'cache');
    console.log(`${count} modules, ${Math.round(bytes / 1000)} kB (load average ${loadavg()[0]?.toFixed(1)})`);
    console.log(`  texts and tables:       ${measure(entry, cache, undefined, false)}`);
    console.log(`  with module functions:  ${measure(entry, cache, durableExtension(), false)}`);
    console.log(`  the same, in a store:   ${measure(entry, cache, durableExtension(), true)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
