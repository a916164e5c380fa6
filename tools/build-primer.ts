// Makes proto_kernel.cjs, proto_fetch.sh, ./prime and ./resprout from src/primer. `--check`: only compares; 1 when they differ. A test does the same.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** A committed file that is made from src/primer. */
interface MadeFile {
  readonly name: string;
  readonly text: string;
  readonly mode: number;
}

const HEADER = [
  '// The primer of this repository: finds or fetches the right Node and the packages, builds, and starts the program. Runs on Node 12 and later.',
  '// Made by tools/build-primer.ts from src/primer/*.ts: do not edit. How it works: docs/boot.md.',
].join('\n');

/** Makes all files in memory. */
function makePrimer(): MadeFile[] {
  const built = buildSync({
    absWorkingDir: root,
    entryPoints: ['src/primer/kernel.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: ['node12.22', 'es2019'],
    charset: 'utf8',
    banner: { js: HEADER },
    tsconfigRaw: '{}',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const kernel = built.outputFiles[0]?.text;
  if (kernel === undefined) throw new Error('esbuild gave no output');
  const fetch = readFileSync(path.join(root, 'src/primer/fetch.sh'), 'utf8');
  const launcher = readFileSync(path.join(root, 'src/primer/launcher.sh'), 'utf8');
  return [
    { name: 'proto_kernel.cjs', text: kernel, mode: 0o644 },
    { name: 'proto_fetch.sh', text: fetch, mode: 0o644 },
    ...['prime', 'resprout'].map((name) => ({ name, text: launcher.replaceAll('@APP@', name), mode: 0o755 })),
  ];
}

const onlyCheck = process.argv.includes('--check');
for (const { name, text, mode } of makePrimer()) {
  const file = path.join(root, name);
  if (onlyCheck) {
    if (readFileSync(file, 'utf8') === text) continue;
    console.error(`${name} is not what src/primer makes; run: node tools/build-primer.ts`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    chmodSync(file, mode);
    console.log(`${name}: ${Buffer.byteLength(text)} bytes`);
  }
}
