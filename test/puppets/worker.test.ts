// Worker threads: the thread is outside, what it says is recorded; after a crash one that nobody heard starts again, any other is lost.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { everyWay, type Ways } from '../edge/support/ways.ts';

const LOST: Ways = { coded: ['LIVE_OBJECT_LOST'] };

const PROGRAMS: Readonly<Record<string, readonly [text: string, ways: Ways]>> = {
  'workerData, messages and exit, in order': [
    `
    import { Worker } from 'node:worker_threads';
    export default () => new Promise((resolve, reject) => {
      const seen = [];
      const worker = new Worker("const { parentPort, workerData } = require('worker_threads'); parentPort.postMessage({ workerData, map: new Map([[1, new Date(0)]]) }); parentPort.once('message', (m) => { parentPort.postMessage(m + '!'); });", { eval: true, workerData: { a: [1] } });
      seen.push(worker instanceof Worker, worker.stdin, typeof worker.resourceLimits.maxOldGenerationSizeMb);
      worker.on('online', () => seen.push('online'));
      worker.on('message', (message) => { seen.push(message); if (typeof message !== 'string') worker.postMessage('hi'); });
      worker.on('error', reject);
      worker.on('exit', (code) => { seen.push(code, worker.threadId); resolve(seen); });
    });`,
    LOST,
  ],
  'an error of a worker': [
    `
    import { Worker } from 'node:worker_threads';
    import { once } from 'node:events';
    export default async () => {
      const worker = new Worker("throw Object.assign(new RangeError('no'), { code: 'MINE' })", { eval: true });
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      const [error] = await once(worker, 'error');
      if (error.code === 'LIVE_OBJECT_LOST') throw error;
      const code = await exited;
      return [error.name, error.message, error.code, error instanceof RangeError, code];
    };`,
    LOST,
  ],
  'a worker that is ended, and what is transferred': [
    `
    import { Worker } from 'node:worker_threads';
    import { once } from 'node:events';
    export default async () => {
      await using worker = new Worker("const { parentPort } = require('worker_threads'); parentPort.on('message', (bytes) => parentPort.postMessage(bytes.length))", { eval: true });
      const bytes = new Uint8Array(10); worker.postMessage(bytes, [bytes.buffer]);
      const [size] = await once(worker, 'message');
      const code = await worker.terminate();
      return [size, bytes.length, code, await worker.terminate()];
    };`,
    LOST,
  ],
  'its output and input': [
    `
    import { Worker } from 'node:worker_threads';
    import { text } from 'node:stream/consumers';
    import { once } from 'node:events';
    export default async () => {
      const worker = new Worker("process.stdin.on('data', (d) => process.stdout.write(String(d).toUpperCase())); console.error('err')", { eval: true, stdin: true, stdout: true, stderr: true });
      const lost = once(worker, 'exit');
      lost.catch(() => undefined);
      worker.stdin.end('shout');
      const all = await Promise.all([text(worker.stdout), text(worker.stderr)]);
      const [code] = await lost;
      return [...all, code];
    };`,
    LOST,
  ],
  'a wrong file, a file of TypeScript, and its environment': [
    `
    import { Worker } from 'node:worker_threads';
    import { once } from 'node:events';
    export default async () => {
      const seen = [];
      try { new Worker('bare.js'); } catch (error) { seen.push(error.code); }
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { env: { MINE: 'mine' } });
      const [message] = await once(worker, 'message');
      return [...seen, message];
    };`,
    {
      ...LOST,
      files: {
        'worker.ts':
          "import { parentPort } from 'node:worker_threads'; const value: string = process.env.MINE!; parentPort!.postMessage(value);",
      },
    },
  ],
  'a class of the program': [
    `
    import { Worker } from 'node:worker_threads';
    class Pool extends Worker { ask(x) { return new Promise((resolve, reject) => { this.once('message', resolve); this.once('error', reject); this.postMessage(x); }); } }
    export default async () => {
      const pool = new Pool("require('worker_threads').parentPort.on('message', (x) => require('worker_threads').parentPort.postMessage(x * 2))", { eval: true });
      const result = [await pool.ask(21), await pool.ask(4), pool instanceof Worker];
      await pool.terminate();
      return result;
    };`,
    LOST,
  ],
};

for (const [name, [text, ways]] of Object.entries(PROGRAMS)) test(name, async () => void (await everyWay(text, ways)));

test('memory that threads share, and ports in messages, are refused with a way out', async () => {
  const { came } = await everyWay(
    `
    import { Worker, MessageChannel } from 'node:worker_threads';
    export default async () => {
      const seen = [];
      const attempt = (run) => { try { run(); } catch (error) { seen.push(error.code, /activity/.test(error.problem.do)); } };
      attempt(() => new Worker('', { eval: true, workerData: { deep: [new Int32Array(new SharedArrayBuffer(4))] } }));
      const worker = new Worker('', { eval: true });
      const { port1, port2 } = new MessageChannel();
      attempt(() => worker.postMessage({ port1 }, [port1]));
      attempt(() => worker.postMessage(new SharedArrayBuffer(4)));
      await worker.terminate();
      return seen;
    };`,
    { plain: false },
  );
  const refused = ['JOURNAL_VALUE_UNRECORDABLE', true];
  assert.deepEqual(came, { value: [...refused, ...refused, ...refused] });
});
