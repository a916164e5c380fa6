// Contexts in durable sessions, with the real command line, runner and journal.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../support/until.ts';

const REPO = new URL('../../', import.meta.url).pathname;
const CLI = join(REPO, 'src/cli/main.ts');

const OPS = `
import { contextInfo } from 'resprout';
import { appendFileSync } from 'node:fs';
export function mark(file: string, text: string): string { appendFileSync(file, text + '\\n'); return text + ' in ' + contextInfo().generation; }
export function key(): boolean { return typeof contextInfo().idempotencyKey === 'string'; }
export async function* count(n: number) { for (let i = 0; i < n; i++) yield i; }
class Odd extends Error { extra = 1; }
export function fail(): never { throw new Odd('odd'); }
export function nested() { return { inside: count(1) }; }
export function size(bytes: Uint8Array): number { return bytes.length; }
`;

/** A folder with a program, and the command line in it. */
function project(program: string): { readonly folder: string; run(...args: string[]): Run; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'rs-session-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(REPO, join(folder, 'node_modules', 'resprout'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'ops.ts'), OPS);
  writeFileSync(join(folder, 'program.ts'), program);
  return { folder, run: (...args) => run(folder, args), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

interface Run {
  readonly out: () => string;
  readonly err: () => string;
  readonly exited: Promise<number | null>;
  kill(): void;
}

function run(folder: string, args: readonly string[]): Run {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { out: () => out, err: () => err, exited, kill: () => void child.kill('SIGKILL') };
}

test('session: equal recipes, errors with their class, streams, keys, closing and the refusals', async () => {
  const { run: start, remove } = project(`
import { local } from 'resprout';
import { count, fail, key, mark, nested, size } from './ops.ts';
const code = (error: { code?: string }) => error.code;
export default async function main() {
  const context = await local();
  console.log(context === await local(), context === await local({ name: 'other' }), context.info.generation);
  let sum = 0;
  for await (const n of await context.call(count, 10)) sum += n;
  console.log(sum, await context.call(key));
  console.log(await context.call(fail).catch((error) => error.message + error.extra));
  console.log(await context.call(nested as never).catch(code));
  console.log(await context.call(size, new Uint8Array(17 * 1024 * 1024)).catch(code), await context.call(size, new Uint8Array(15)));
  console.log(await context.call((() => 1) as never).catch(code));
  await context.close();
  console.log(await context.call(key).catch(code));
  console.log(await (await local()).call(mark, '/dev/null', 'x'));
}
`);
  try {
    const { exited, out, err } = start('run', 'program.ts');
    assert.equal(await exited, 0, err());
    assert.deepEqual(out().trim().split('\n').slice(0, 8), [
      'true false 1',
      '45 true',
      'odd1',
      'JOURNAL_VALUE_UNRECORDABLE',
      'JOURNAL_VALUE_TOO_LARGE 15',
      'REMOTE_FUNCTION_NOT_TOP_LEVEL',
      'REMOTE_CLOSED',
      'x in 2',
    ]);
  } finally {
    remove();
  }
});

test('session: after a kill nothing is called twice, and the context is opened again for the first call that is not recorded', async () => {
  const {
    folder,
    run: start,
    remove,
  } = project(`
import { local } from 'resprout';
import { sleep } from 'resprout/durable';
import { count, mark } from './ops.ts';
export default async function main() {
  const context = await local();
  const file = '${'FILE'}';
  console.log(await context.call(mark, file, 'one'), context.info.generation);
  const steps = (await context.call(count, 100))[Symbol.asyncIterator]();
  console.log((await steps.next()).value);
  await sleep(8000);
  console.log(await context.call(mark, file, 'two'), context.info.generation);
  console.log(await steps.next().then((step) => step.value, (error) => error.code));
}
`);
  const file = join(folder, 'marks');
  try {
    const text = `export const FILE = ${JSON.stringify(file)};`;
    writeFileSync(join(folder, 'place.ts'), text);
    const { readFileSync } = await import('node:fs');
    writeFileSync(join(folder, 'program.ts'), readFileSync(join(folder, 'program.ts'), 'utf8').replace("'FILE'", JSON.stringify(file)));
    const first = start('run', 'program.ts');
    await until('the timer behind the first step of the stream', () => first.out().includes('\n0\n') && /sleep/.test(first.err()));
    first.kill();
    await first.exited;
    const second = start('resume');
    assert.equal(await second.exited, 0, second.err());
    assert.deepEqual(second.out().trim().split('\n'), ['two in 2 2', 'STREAM_INTERRUPTED']);
    assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\n');
  } finally {
    remove();
  }
});
