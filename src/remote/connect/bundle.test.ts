import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { missingNodes, testNode } from '../../../test/support/nodes.ts';

/** What connect may take of the text of an intermediary, with all its methods. */
const BUDGET_BYTES = 15_000;

/** All of connect as one text, with the real clock and chance, as an intermediary would get it. */
async function bundle(): Promise<string> {
  const entry = `export { dial } from ${JSON.stringify(join(import.meta.dirname, 'dial.ts'))};
    export { realClock } from ${JSON.stringify(join(import.meta.dirname, '../../platform/time/clock.ts'))};
    export { realRandom } from ${JSON.stringify(join(import.meta.dirname, '../../platform/random.ts'))};`;
  const virtual = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : null),
    load: (id: string) => (id === 'entry' ? entry : null),
  };
  const build = await rolldown({ input: 'entry', platform: 'node', plugins: [virtual] });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  assert.equal(output.length, 1);
  return output[0].code;
}

/** In a worker thread, as the broker of an intermediary is: dials a local child, echoes through it, ends it. */
const WORKER = `
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
if (isMainThread) new Worker(new URL(import.meta.url)).on('message', (text) => console.log(text));
else {
  const { dial, realClock, realRandom } = await import('./connect.mjs');
  const { brotliCompressSync } = await import('node:zlib');
  const boot = brotliCompressSync("const s=new (require('net').Socket)({fd:3});s.pipe(s);s.on('end',()=>process.exit(0))");
  const request = { recipe: { method: 'local', name: 'a' }, boot, onLine() {}, signal: new AbortController().signal, seams: { clock: realClock, random: realRandom, env: process.env } };
  const dialled = await dial(request);
  dialled.stdout.onData(() => {});
  dialled.stderr.onData(() => {});
  const echo = new Promise((resolve) => dialled.link.onData((bytes) => resolve(String(bytes))));
  dialled.link.send(Buffer.from('hello'));
  const text = await echo;
  await dialled.kill();
  const refused = await dial({ ...request, recipe: { method: 'ssh', name: 'b', host: '127.0.0.1', port: 1, configFile: '/dev/null' } }).catch((error) => error.code);
  parentPort.postMessage(text + ' ' + refused);
}`;

test('connect is one text of at most 15,000 bytes for an intermediary, and needs nothing but builtins', async () => {
  const text = await bundle();
  const imports = [...text.matchAll(/(?:from|import)\s*"([^"]+)"/g)].map(([, name]) => name ?? '');
  assert.ok(imports.length > 3, 'the test sees the imports');
  for (const name of imports) assert.match(name, /^node:/);
  const bytes = brotliCompressSync(text).length;
  assert.ok(bytes <= BUDGET_BYTES, `${bytes} bytes`);
});

test('dial works in a worker thread of the oldest Node of an intermediary', { skip: missingNodes('22.18.0') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-bundle-'));
  try {
    writeFileSync(join(folder, 'connect.mjs'), await bundle());
    writeFileSync(join(folder, 'main.mjs'), WORKER);
    const child = spawn(testNode('22.18.0'), [join(folder, 'main.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (piece) => (said += String(piece)));
    assert.deepEqual(await once(child, 'close'), [0, null]);
    assert.equal(said, 'hello REMOTE_CONNECT_FAILED\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
