// Makes proto_kernel.cjs, ./prime and ./resprout from src/primer. `--check`: only compares; 1 when they differ. A test does the same.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildSync } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** What the kernel exports for this tool. */
interface Texts {
  launcherText(): string;
  entryText(file: string): string;
}

/** A committed file that is made from src/primer. */
interface MadeFile {
  readonly name: string;
  readonly text: string;
  readonly mode: number;
}

const HEADER = [
  '// The primer: finds or fetches the right Node and the packages, builds, and starts programs. Runs on Node 12 and later.',
  '// Made from src/primer of Resprout: do not edit; a changed one is not renewed. How it works: docs/boot.md there.',
].join('\n');

const sourceOf = (name: string): string => readFileSync(path.join(root, 'src/primer/launcher', name), 'utf8');

function versionHere(): string {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return manifest.version;
}

/** Builtins that most starts do without. Each costs milliseconds, and the bundler would load them before the first line. */
const LATE = ['child_process', 'crypto', 'net', 'os', 'tty', 'url', 'zlib'];

/** Lets these builtins be loaded where they are used first. */
function withLateBuiltins(text: string): string {
  const declared = [...text.matchAll(/^var (import_node_\w+) = (.*require\("(\w+)"\).*);$/gm)].filter(([, , , name = '']) =>
    LATE.includes(name),
  );
  if (declared.length < LATE.length) throw new Error('the bundler declares builtins in another way than before');
  let late = text;
  const getters = declared.map(([line, id = '', value = '']) => {
    late = late.replace(`${line}\n`, '').replaceAll(new RegExp(`\\b${id}\\b`, 'g'), `late_.${id}`);
    return `  get ${id}() { return this.$${id} || (this.$${id} = ${value}); },`;
  });
  return ['var late_ = {', ...getters, '};', late].join('\n');
}

/** What the bundler takes builtins with copies each of them for each file that imports it, property by property. One does for all. */
function withSharedBuiltins(text: string): string {
  const shared = text.replaceAll(/__toESM\(require\("(\w+)"\), 1\)/g, 'builtin_(require("$1"))');
  if (shared === text) throw new Error('the bundler takes builtins in another way than before');
  const taker = [
    'var builtins_ = new Map(), builtin_ = (it) => {',
    '  if (!builtins_.has(it)) builtins_.set(it, Object.create(it, { default: { value: it } }));',
    '  return builtins_.get(it);',
    '};',
  ].join('\n');
  return `${taker}\n${shared}`;
}

function makeKernel(): string {
  const built = buildSync({
    absWorkingDir: root,
    entryPoints: ['src/primer/kernel.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: ['node12.22', 'es2019'],
    // V8 reads ASCII in half the time of what has other letters.
    charset: 'ascii',
    define: {
      PRIME_LAUNCHER: JSON.stringify(sourceOf('launcher.sh')),
      PRIME_FETCH: JSON.stringify(sourceOf('fetch.sh')),
      PRIME_ENTRY: JSON.stringify(sourceOf('entry.sh')),
    },
    tsconfigRaw: '{}',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const body = built.outputFiles[0]?.text;
  if (body === undefined) throw new Error('esbuild gave no output');
  const text = `${HEADER}\n${withSharedBuiltins(withLateBuiltins(body))}`;
  // The first line vouches for all that follows: who renews a kernel sees whether it was edited, and whether the new one is whole.
  return `// prime kernel ${versionHere()} sha256 ${createHash('sha256').update(text).digest('hex')}\n${text}`;
}

/** Makes all files in memory. The launchers are what the kernel itself would write. */
function makePrimer(): MadeFile[] {
  const kernel = makeKernel();
  const temporary = path.join(root, '.build', `kernel-${process.pid}.cjs`);
  writeFileSync(temporary, kernel);
  try {
    const { launcherText, entryText } = createRequire(import.meta.url)(temporary) as Texts;
    return [
      { name: 'proto_kernel.cjs', text: kernel, mode: 0o644 },
      { name: 'prime', text: launcherText(), mode: 0o755 },
      { name: 'resprout', text: entryText('resprout'), mode: 0o755 },
    ];
  } finally {
    rmSync(temporary);
  }
}

const onlyCheck = process.argv.includes('--check');
for (const { name, text, mode } of makePrimer()) {
  const file = path.join(root, name);
  if (onlyCheck) {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    console.error(`${name} is not what src/primer makes; run: node tools/build-primer.ts`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    chmodSync(file, mode);
    console.log(`${name}: ${Buffer.byteLength(text)} bytes`);
  }
}
