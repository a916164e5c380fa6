// A host whose broker is another thread: both ends over a channel.
import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { test } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { CallSide } from '../../src/remote/calls/call-side.ts';
import { portHost } from '../../src/remote/index.ts';
import { servePortHost } from '../../src/remote/hosts/serve-port-host.ts';
import { rig, testServer } from './support.ts';

const OPS = `
function add(a, b) { return a + b; }
async function* count(n) { for (let i = 0; i < n; i++) yield i; }
function never() { return new Promise(() => {}); }
async function sum(numbers) { let total = 0; for await (const n of numbers) total += n; return total; }
`;
const server = testServer({ b1: { '/p/ops.js': { text: OPS, functions: ['add', 'count', 'never', 'sum'] } } });

test('portHost: opens, calls, streams, losses and closings pass between the threads', async () => {
  await using r = rig(server);
  const { port1, port2 } = new MessageChannel();
  try {
    servePortHost(port1, r.host);
    const host = portHost(port2, 0 as never);
    const side = new CallSide(host, realClock);
    const open = (name: string, node?: string): ReturnType<typeof host.open> =>
      side.hold(
        host.open(
          { recipe: { method: 'local', name, ...(node === undefined ? {} : { node }) }, generation: 3 },
          new AbortController().signal,
        ),
      );
    const far = await open('far');
    assert.equal(far.generation, 3);
    const call = (n: number, ...args: unknown[]): Promise<unknown> =>
      side.call({
        id: far.id as never,
        name: 'far',
        identified: { address: { kind: 'function', build: 'b1', file: '/p/ops.js', n }, label: `#${n}` },
        args,
        stack: () => '',
      });
    assert.equal(await call(0, 1, 2), 3);
    let total = 0;
    for await (const n of (await call(1, 50)) as AsyncIterable<number>) total += n;
    assert.equal(total, 1225);
    async function* numbers(): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
    assert.equal(await call(3, numbers()), 3);
    const failed = await open('bad', '/nowhere/node').then(
      () => assert.fail('it went through'),
      (error: unknown) => error,
    );
    assert.match(codeOf(failed) ?? '', /^REMOTE_/);
    const waiting = assert.rejects(call(2), (error) => codeOf(error) === 'REMOTE_LOST' && /SIGKILL/.test(String(error)));
    process.kill(far.pid, 'SIGKILL');
    await waiting;
    const again = await open('again');
    await side.hold(host.close(again.id as never, 5000));
    assert.throws(() => process.kill(again.pid, 0));
  } finally {
    port1.close();
    port2.close();
  }
});
