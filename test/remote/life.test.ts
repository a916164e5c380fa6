// What is left behind: nothing, whoever dies and however.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

const REPO = new URL('../../', import.meta.url).pathname;

/** A folder with a program that imports the package by its name. */
function program(text: string): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'rs-life-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(REPO, join(folder, 'node_modules', 'resprout'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const file = join(folder, 'program.ts');
  writeFileSync(file, text.replaceAll("'resprout'", `'${REPO}src/index.ts'`));
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function run(file: string): {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly exited: Promise<number | null>;
} {
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: join(file, '..', 'cache') },
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr?.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, out: () => out, err: () => err, exited };
}

const HANGING = `
import { local } from 'resprout';
import { spawn } from 'node:child_process';
function busy(): Promise<never> { console.warn('PIDS ' + process.pid + ' ' + spawn('sleep', ['777'], { stdio: 'ignore' }).pid); for (;;); }
if (import.meta.main) {
  const context = await local();
  await context.call(busy);
}
`;

for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
  test(`life: a controller that ends by ${signal} leaves no process, even when the far function spins and has a child`, async () => {
    const { file, remove } = program(HANGING);
    try {
      const { child, err, exited } = run(file);
      await until('the pids of the far side', () => /PIDS \d+ \d+\n/.test(err()));
      const pids = (/PIDS (\d+) (\d+)/.exec(err()) ?? []).slice(1).map(Number);
      assert.equal(pids.filter(isAlive).length, 2);
      child.kill(signal);
      await exited;
      await until('the end of the far process and its child', () => !pids.some(isAlive));
    } finally {
      remove();
    }
  });
}

test('life: a program that has nothing left to do ends, with its contexts still open', async () => {
  const { file, remove } = program(`
import { local } from 'resprout';
function pid(): number { return process.pid; }
if (import.meta.main) {
  const context = await local({ name: 'one' });
  const other = await local({ name: 'two' });
  console.log(await context.call(pid), await other.call(pid), context === (await local({ name: 'one' })), context === other);
}
`);
  try {
    const { out, err, exited } = run(file);
    assert.equal(await exited, 0, err());
    const [one, two, same, different] = out().trim().split(' ');
    assert.deepEqual([same, different], ['true', 'false']);
    assert.notEqual(one, two);
    assert.ok(![Number(one), Number(two)].some(isAlive));
  } finally {
    remove();
  }
});

test('life: a closed context refuses calls, and its opener opens a new process of the next generation', async () => {
  const { file, remove } = program(
    `
import { contextInfo, local, Secret } from 'resprout';
function info() { const { name, generation } = contextInfo(); return name + generation; }
function secret(s: Secret) { return s.reveal() + ' ' + String(s) + ' ' + JSON.stringify({ s }); }
if (import.meta.main) {
  const context = await local();
  console.log(await context.call(info));
  await context.close();
  await context.close();
  console.log(await context.call(info).catch((error) => error.code));
  const again = await local();
  console.log(again === context, await context.call(info), context.info.generation);
  console.log(await context.call(secret, new Secret('pass')));
  process.kill(context.info.pid, 'SIGKILL');
  console.log(await context.call(info).catch((error) => error.code));
  console.log(await (await local()).call(info));
  await using other = await local({ name: 'other' });
  const slow = other.with({ timeoutMs: 100 });
  console.log(await slow.call(hang).catch((error) => error.code));
  console.log(await other.with({ timeoutMs: -1 } as never)?.call(info).catch((error) => error.code));
}
async function hang() { await new Promise(() => {}); }
`.replace(
      'console.log(await other.with({ timeoutMs: -1 } as never)?.call(info).catch((error) => error.code));',
      'try { other.with({ timeoutMs: -1 }); } catch (error) { console.log((error as { code: string }).code); }',
    ),
  );
  try {
    const { out, err, exited } = run(file);
    assert.equal(await exited, 0, err());
    assert.deepEqual(out().trim().split('\n'), [
      'local1',
      'REMOTE_CLOSED',
      'true local2 2',
      'pass [Secret] {"s":"[Secret]"}',
      'REMOTE_LOST',
      'local3',
      'REMOTE_CALL_TIMEOUT',
      'CALL_OPTIONS_INVALID',
    ]);
  } finally {
    remove();
  }
});

test('life: a far side ends when nothing comes for its lease; while its controller lives an idle link stays', async () => {
  const { file, remove } = program(`
import { local } from 'resprout';
function pid(): number { return process.pid; }
if (import.meta.main) {
  const context = await local({ leaseMs: 6000 });
  console.log('PID ' + (await context.call(pid)));
  await new Promise((resolve) => setTimeout(resolve, 9000));
  console.log('STILL ' + (await context.call(pid)));
  await new Promise((resolve) => setTimeout(resolve, 300_000));
}
`);
  try {
    const { child, out, exited } = run(file);
    await until('the answer after an idle time', () => /STILL \d+\n/.test(out()));
    const pid = Number(/PID (\d+)/.exec(out())?.[1]);
    assert.equal(Number(/STILL (\d+)/.exec(out())?.[1]), pid);
    child.kill('SIGSTOP');
    await until('the end of the far process', () => !isAlive(pid));
    child.kill('SIGKILL');
    await exited;
  } finally {
    remove();
  }
});

test('life: a context keeps its identity through a far function, and only has a name there', async () => {
  const { file, remove } = program(`
import { local, type Context } from 'resprout';
function echo(context: Context): Context { return context; }
async function use(context: Context): Promise<string> { try { await context.call(echo, context); return 'called'; } catch (error) { return context.name + ' ' + (error as { code: string }).code; } }
if (import.meta.main) {
  const context = await local();
  console.log((await context.call(echo as never, context)) === context, await context.call(use, context));
}
`);
  try {
    const { out, err, exited } = run(file);
    assert.equal(await exited, 0, err());
    assert.equal(out().trim(), 'true local REMOTE_NOT_HERE');
  } finally {
    remove();
  }
});
