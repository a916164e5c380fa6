// builds and calls 11: after 1,000 identifications no debugger is on, in a plain program and in a runner (test/serve/edits.test.ts counts the
// questions too). 24: what a runner and its broker thread load: no parser, no resolver, no lowering. 10: tsx with CommonJS.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { spawnRunner } from '../../src/worker.ts';
import { PRELOAD, runProgram } from '../serve/support/run-program.ts';
import { REPOSITORY, stageProgram, type StagedProgram } from '../support/programs.ts';
import { ownHere } from './support/owned-here.ts';
import { SESSION } from './support/seventy-five.ts';

const WATCH = path.join(import.meta.dirname, 'support/watch-process.ts');
const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function stage(files: Readonly<Record<string, string>>): StagedProgram {
  const program = stageProgram();
  staged.push(program);
  for (const [name, text] of Object.entries(files)) program.write(name, text);
  return program;
}

/** Which debuggers were switched on and not off again, and how often one was switched on. */
function debuggersIn(lines: readonly string[]): { readonly on: number; readonly times: number } {
  const times = lines.filter((line) => line.endsWith(' Debugger.enable')).length;
  return { on: times - lines.filter((line) => line.endsWith(' Debugger.disable')).length, times };
}

describe('a runner that is watched', () => {
  it('a runner loads no parser, no resolver and no lowering, whatever its program does, and leaves no debugger on', async () => {
    const program = stage({
      'late/one.ts': `export const one = (): number => 1;\n`,
      'ops.ts': `export async function later(): Promise<number> { return (await import('./late/' + 'one.ts')).one(); }\nexport function fail(): never { throw new RangeError('far'); }\n`,
      'node_modules/many/package.json': '{ "name": "many", "version": "1.0.0", "type": "module", "main": "index.js" }',
      // Functions that no export leads to: V8 is asked where each of them is from.
      'node_modules/many/index.js': `export const make = (n) => Array.from({ length: n }, (_, i) => function made() { return i; });\n`,
      'main.ts': `import { local } from 'resprout';
import { inline, sleep } from 'resprout/durable';
import { make } from 'many';
import { fail, later } from './ops.ts';
const made = inline(make)(1000);
export async function main() {
  await sleep(1);
  const { one } = await import('./late/' + ['one', 'ts'].join('.'));
  const context = await local();
  const far = await context.call(later);
  const caught = await context.call(fail).catch((error) => error.name);
  let sum = 0;
  for (const fn of made) sum += fn();
  return [one(), far, caught, sum, new Error('here').stack.includes('main.ts:14')];
}
`,
    });
    const log = program.path('watch.log');
    const node = program.write('watched-node', `#!/bin/sh\nexec '${process.execPath}' --import '${WATCH}' "$@"\n`);
    chmodSync(node, 0o700);
    const runner = spawnRunner({ node, env: { ...process.env, RESPROUT_WATCH: log } });
    const session = { file: program.path('main.ts'), sessionId: SESSION, data: {}, storeFolder: program.path('.resprout') };
    const { value, failure } = await ownHere('run', session, undefined, { spawnedRunner: runner });
    assert.deepEqual(value, [1, 1, 'RangeError', 499_500, true], String(failure?.stack));
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    const loaded = lines.flatMap((line) => /^(\d+) load (.*)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
    // The list is real: both threads are in it, with what was loaded late.
    for (const file of [
      'src/durable/runner/program/run.ts',
      'src/durable/runner/broker.ts',
      'contexts/serve-contexts.ts',
      'node_modules/many/index.js',
    ])
      assert.ok(
        loaded.some((line) => line.endsWith(file)),
        file,
      );
    assert.ok(new Set(loaded.map((line) => line.split(' ')[0])).size >= 2);
    assert.deepEqual(
      loaded.filter((line) => /acorn|oxc|-lexer|esbuild|\/src\/modules\/|\/durable\/transform\/|\/remote\/serve\//.test(line)),
      [],
    );
    const { on, times } = debuggersIn(lines);
    assert.ok(times > 0 && times < 50, `a debugger was switched on ${times} times`);
    assert.equal(on, 0);
  });
});

describe('a plain program that is watched', () => {
  it('a plain program has no debugger on after 1,000 identifications, and await costs what it did', async (context) => {
    const files = Array.from({ length: 10 }, (_, f) => [
      `many-${f}.ts`,
      Array.from({ length: 100 }, (_none, n) => `export const f${n} = () => ${f} + ${n};\n`).join(''),
    ]);
    const program = stage({
      ...(Object.fromEntries(files) as Record<string, string>),
      'main.ts': `${files.map(([name], f) => `import * as m${f} from './${name}';\n`).join('')}
const { identify } = globalThis as unknown as { identify(fn: unknown): Promise<unknown> };
const costNs = async (): Promise<number> => {
  let least = Infinity;
  for (let round = 0; round < 30; round++) {
    const startedMs = performance.now();
    for (let i = 0; i < 10_000; i++) await undefined;
    least = Math.min(least, performance.now() - startedMs);
  }
  return least * 100;
};
const before = await costNs();
for (const many of [${files.map((_, f) => `m${f}`).join(', ')}]) for (const fn of Object.values(many)) await identify(fn);
const strange = [];
for (let n = 0; n < 20; n++) strange.push(await identify(new Function('return ' + n)).catch((error: { code?: string }) => error.code));
console.log(JSON.stringify([before, await costNs(), new Set(strange).size]));
`,
    });
    const log = program.path('watch.log');
    const run = await runProgram(['--import', WATCH, '--import', PRELOAD, 'main.ts'], program.folder, { env: { RESPROUT_WATCH: log } });
    assert.equal(run.code, 0, run.stderr);
    const [before = 0, later = 0, codes] = JSON.parse(run.stdout) as number[];
    context.diagnostic(
      `an await costs ${before.toFixed(0)} ns before and ${later.toFixed(0)} ns after; with a debugger on 8 times as much`,
    );
    const { on, times } = debuggersIn(readFileSync(log, 'utf8').trimEnd().split('\n'));
    assert.deepEqual([on, codes], [0, 1]);
    assert.ok(times >= 1, 'a debugger was needed');
  });

  it('a plain program of CommonJS files calls its functions under tsx too', async () => {
    const program = stage({
      'package.json': '{ "name": "program", "type": "commonjs" }',
      'lib.ts': `export enum Kind { One = 1 }\nexport function kind(n: number): string { return Kind[n] ?? 'none'; }\nexport const twice = (n: number): number => n * 2;\n`,
      'main.ts': `import { local } from 'resprout';
import { kind, twice } from './lib';
async function main(): Promise<void> {
  const context = await local();
  console.log(typeof require, typeof module.exports, await context.call(kind, 1), await context.call(twice, 2));
  await context.close();
}
void main();
`,
    });
    const tsx = `${REPOSITORY}/node_modules/tsx/dist/cli.mjs`;
    const run = await runProgram([tsx, 'main.ts'], program.folder);
    assert.equal(run.stdout.trim(), 'function object One 4', run.stderr);
  });
});
