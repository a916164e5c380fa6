// A program run by plain node calls its own functions in a context of its own machine: the whole way, with nothing of ours replaced.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { REPOSITORY, stageProgram, type StagedProgram } from '../support/programs.ts';
import { RESULTS, withoutContext } from './support/form-results.ts';
import { NODES, runProgram, type ProgramRun } from './support/run-program.ts';

const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function stage(fixture?: string): StagedProgram {
  const program = stageProgram(fixture);
  staged.push(program);
  return program;
}

function linesOf(run: ProgramRun): ReadonlyMap<string, unknown> {
  assert.equal(run.code, 0, run.stderr);
  const lines = run.stdout.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => JSON.parse(withoutContext(line)) as [string, unknown]));
}

describe('a plain program', () => {
  for (const node of NODES) {
    it(
      `call runs every form on the far side (program on Node ${node})`,
      { skip: node === 'this' ? false : missingNodes(node) },
      async () => {
        const program = stage('forms');
        const seen = linesOf(await runProgram(['calls.ts'], program.folder, { node }));
        assert.deepEqual(Object.fromEntries(Object.keys(RESULTS).map((name) => [name, seen.get(name)])), RESULTS);
      },
    );
  }

  it('call runs every form on a far side of Node 22.18', { skip: missingNodes('22.18.0') }, async () => {
    const program = stage('forms');
    const seen = linesOf(await runProgram(['calls.ts'], program.folder, { env: { FAR_NODE: testNode('22.18.0') } }));
    assert.deepEqual(Object.fromEntries(Object.keys(RESULTS).map((name) => [name, seen.get(name)])), RESULTS);
  });

  it('call runs every form of a program that tsx runs', async () => {
    const program = stage('forms');
    const seen = linesOf(await runProgram([`${REPOSITORY}/node_modules/tsx/dist/cli.mjs`, 'calls.ts'], program.folder));
    assert.deepEqual(Object.fromEntries(Object.keys(RESULTS).map((name) => [name, seen.get(name)])), RESULTS);
  });

  it('call runs what only a loader runs here: enum, namespace, decorators, TSX, export =', async () => {
    const program = stage('full');
    const run = await runProgram(['--import', `${REPOSITORY}/node_modules/tsx/dist/loader.mjs`, 'main.ts'], program.folder);
    const lines = run.stdout.replaceAll(program.folder, 'F').trimEnd().split('\n');
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('inside a namespace')),
      ['enum High7', 'namespace 6', 'decorated static decorated 2', 'tsx b bob', 'export = b', 'dropped import 0', 'type only 3'],
    );
    assert.match(run.stdout, /^inside a namespace REMOTE_FUNCTION_NOT_TOP_LEVEL .*its closure can't travel/m);
  });
});

const HEAD = `import { local } from 'resprout';\n`;
const SHOW = `console.log(await context.call(far).catch((error: any) => error.code + ' ' + error.message));\nawait context.close();\n`;

async function output(program: StagedProgram, args: readonly string[]): Promise<string> {
  const run = await runProgram(args, program.folder);
  assert.equal(run.code, 0, run.stderr);
  return run.stdout.replaceAll(program.folder, 'F').trimEnd();
}

const unguarded = (place: string, text: string): string =>
  `REMOTE_MAIN_UNGUARDED ${place} runs when the file is loaded, so it would run again on the far side:\n    ${text}\n` +
  'Put it behind\n    if (import.meta.main) { … }\nor move the functions you call to a file of their own.';

describe('a self-contained script', () => {
  it('call works during top-level await behind the guard', async () => {
    const program = stage();
    program.write(
      'main.ts',
      `${HEAD}function far() { return 'far'; }\nif (import.meta.main) {\nconst context = await local();\n${SHOW}}\n`,
    );
    assert.equal(await output(program, ['main.ts']), 'far');
  });

  it('call is refused when a top-level await would run again', async () => {
    const program = stage();
    program.write('main.ts', `${HEAD}export function far() { return 1; }\nconst context = await local();\n${SHOW}`);
    assert.equal(await output(program, ['main.ts']), unguarded('main.ts:3:1', 'const context = await local();'));
  });

  it('call is refused when the program calls its main at the top level', async () => {
    const program = stage();
    program.write(
      'main.ts',
      `${HEAD}export function far() { return 1; }\nasync function main() {\nconst context = await local();\n${SHOW}}\nmain();\n`,
    );
    assert.equal(await output(program, ['main.ts']), unguarded('main.ts:8:1', 'main();'));
  });

  it('call is refused when a library leads back to the unguarded program', async () => {
    const program = stage();
    program.write('main.ts', `import { go } from './library.ts';\nexport const setting = 4;\nawait go();\n`);
    const library = `${HEAD}import { setting } from './main.ts';\nexport function far() { return setting; }\n`;
    program.write('library.ts', `${library}export async function go() {\nconst context = await local();\n${SHOW}}\n`);
    assert.equal(await output(program, ['main.ts']), unguarded('main.ts:3:1', 'await go();'));
  });

  it('call needs no guard when the far files do not lead back to the program', async () => {
    const program = stage();
    program.write('main.ts', `import { go } from './library.ts';\nawait go();\n`);
    program.write(
      'library.ts',
      `${HEAD}export function far() { return 'ok'; }\nexport async function go() {\nconst context = await local();\n${SHOW}}\n`,
    );
    assert.equal(await output(program, ['main.ts']), 'ok');
  });

  it('call works in a worker thread', async () => {
    const program = stage();
    program.write(
      'main.ts',
      `import { isMainThread, Worker } from 'node:worker_threads';\n${HEAD}function far() { return 'from a worker'; }\n` +
        `if (isMainThread && import.meta.main) new Worker(new URL(import.meta.url));\nelse if (!isMainThread && process.argv[1] !== undefined) {\n` +
        `const context = await local();\n${SHOW}}\n`,
    );
    assert.equal(await output(program, ['main.ts']), 'from a worker');
  });

  it('call refuses functions of -e and eval by name', async () => {
    const program = stage();
    const script = `import { local } from 'resprout'; function far() { return 1; } const context = await local(); ${SHOW.replace(': any', '')}`;
    const text = await output(program, ['--input-type=module', '-e', script]);
    assert.match(
      text,
      /^REMOTE_FUNCTION_NOT_TOP_LEVEL the function given to call\(\).* is not in a file \(eval, -e or new Function\)\. Put it into a file\.$/,
    );
  });

  it('call works with a hashbang, a byte order mark, CRLF and an emoji before the function', async () => {
    const program = stage();
    program.write(
      'crlf.ts',
      `// @ts-nocheck\r\nexport function crlf(a: number) {\r\n  return a;\r\n}\r\nexport const e = () => '🎉', after = () => 2;\r\n`,
    );
    program.write('bom.ts', `\uFEFFexport const bom = (a: number) => a + 1;\n`);
    program.write(
      'main.ts',
      `#!/usr/bin/env -S node\n'use strict';\n${HEAD}import { after, crlf } from './crlf.ts';\nimport { bom } from './bom.ts';\n` +
        `const $d = 5, $i0 = 6, $meta = 7, $rsd = 8;\nfunction names() { return $d + $i0 + $meta + $rsd; }\nexport default () => names();\n` +
        `if (import.meta.main) {\nconst context = await local();\n` +
        `console.log(JSON.stringify([await context.call(crlf, 1), await context.call(after), await context.call(bom, 1), await context.call(names)]));\n` +
        `await context.close();\n}\n`,
    );
    assert.equal(await output(program, ['main.ts']), '[1,2,2,26]');
  });

  it('an error of the far side shows the line of the TypeScript file', async () => {
    const program = stage();
    program.write(
      'main.ts',
      `${HEAD}interface Long {\n  a: string;\n}\nfunction far(x: Long): never {\n  throw new Error('far ' + x.a);\n}\n` +
        `if (import.meta.main) {\nconst context = await local();\nawait context.call(far, { a: 'x' }).catch((error) => console.log(error.stack.split('\\n')[1].trim()));\nawait context.close();\n}\n`,
    );
    assert.match(await output(program, ['main.ts']), /^at far \((?:file:\/\/)?F\/main\.ts:6:9\)$/);
  });
});

describe('a program started in another way', () => {
  const MAIN = `${HEAD}import { text } from './lib.ts';\nfunction far(a: number) { return text(a); }\nif (import.meta.main ?? true) {\nconst context = await local();\n${SHOW.replace('far)', 'far, 1)')}}\n`;
  const LIB = `export const text = (a: number): string => 'text ' + a;\n`;

  it('call works in CommonJS programs, .cjs and .cts', async () => {
    const program = stage();
    const body = (types: string): string =>
      `function far(a${types}) { return 'cjs ' + a + typeof require('node:os').hostname(); }\n` +
      `if (require.main === module) (async () => { const context = await local(); console.log(await context.call(far, 1)); await context.close(); })();\n`;
    program.write('main.cjs', `const { local } = require('resprout');\n${body('')}`);
    program.write('main.cts', `const { local }: any = require('resprout');\n${body(': number')}`);
    assert.equal(await output(program, ['main.cjs']), 'cjs 1string');
    assert.equal(await output(program, ['main.cts']), 'cjs 1string');
  });

  it('call works in a bundle whose packages are external, plain and minified', async () => {
    const program = stage();
    program.write('main.ts', MAIN.replace('import.meta.main ?? true', 'import.meta.main'));
    program.write('lib.ts', LIB);
    const bundle = (...options: readonly string[]): void => {
      const common = ['main.ts', '--bundle', '--platform=node', '--format=esm', '--packages=external', '--log-level=error'];
      execFileSync(`${REPOSITORY}/node_modules/esbuild/bin/esbuild`, [...common, ...options], { cwd: program.folder });
    };
    bundle('--outfile=plain.mjs');
    bundle('--outfile=small.mjs', '--minify', '--sourcemap=inline');
    assert.equal(await output(program, ['plain.mjs']), 'text 1');
    assert.equal(await output(program, ['small.mjs']), 'text 1');
    assert.equal(await output(program, ['--enable-source-maps', 'small.mjs']), 'text 1');
  });

  it('call works with --enable-source-maps, and with transformed types on Node 24', { skip: missingNodes('24.18.1') }, async () => {
    const program = stage();
    program.write('main.ts', MAIN.replace('import.meta.main ?? true', 'import.meta.main'));
    program.write('lib.ts', `enum Kind { Text }\nexport const text = (a: number): string => Kind[Kind.Text].toLowerCase() + ' ' + a;\n`);
    const run = await runProgram(['--experimental-transform-types', '--no-warnings', 'main.ts'], program.folder, { node: '24.18.1' });
    assert.equal(run.stdout.trim(), 'text 1', run.stderr);
    program.write('lib.ts', LIB);
    assert.equal(await output(program, ['--enable-source-maps', 'main.ts']), 'text 1');
  });

  it('builds of plain programs are kept in the user cache, and are not needed there', async () => {
    const program = stage();
    program.write('main.ts', MAIN.replace('import.meta.main ?? true', 'import.meta.main'));
    program.write('lib.ts', LIB);
    assert.equal(await output(program, ['main.ts']), 'text 1');
    const builds = program.path('.cache/resprout/builds');
    assert.equal(readdirSync(builds).filter((name) => /^[0-9a-f]{24}\.json$/.test(name)).length, 1);
    const run = await runProgram(['main.ts'], program.folder, { env: { XDG_CACHE_HOME: '/proc/no-such-folder' } });
    assert.equal(run.stdout.trim(), 'text 1', run.stderr);
  });
});
