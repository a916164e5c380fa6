// What conversations cost, and what bounds them.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { program, run, start } from '../replay/support/program.ts';
import { realm } from '../replay/support/realm.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

test('a child that prints 100,000 lines takes a few seconds of a processor at most, and no event a line', async () => {
  using built = await program(`
    import { spawn } from 'node:child_process'; import { createInterface } from 'node:readline';
    export default async function main() { const c = spawn('seq', ['100000']); let n = 0; for await (const line of createInterface({ input: c.stdout })) n += line.length; return n; }`);
  const begin = process.cpuUsage();
  const { outcome, events } = await run(built, {});
  // Not the time on the clock: other tests run beside this one.
  const { user, system } = process.cpuUsage(begin);
  const tookMs = (user + system) / 1000;
  assert.equal(outcome.how === 'done' ? outcome.value : outcome.error, 488_895);
  // The child writes 4 KiB at a time: one event for each of them where this process is never behind it.
  assert.ok(events.length <= 150, `${String(events.length)} events`);
  assert.ok(tookMs < 10_000, `${String(tookMs)} ms`);
});

test('a source that nobody reads on is held back', async () => {
  using built = await program(`
    import { spawn } from 'node:child_process'; import { setTimeout as delay } from 'node:timers/promises';
    export default async function main() { const c = spawn('head', ['-c', '5000000', '/dev/zero']); c.stdout.once('data', () => c.stdout.pause()); await delay(300); const n = c.stdout.readableLength; c.stdout.destroy(); c.kill(); return n; }`);
  const { outcome, events } = await run(built, {});
  assert.equal(outcome.how, 'done');
  const bytes = events.reduce((sum, event) => sum + (event.t === 'event' && event.name === 'data' ? event.value.length : 0), 0);
  // What was taken, and what may be untaken: the pipe is told to wait once it is too much, so one chunk of each may be on top.
  assert.ok(bytes <= 2 * (256 * 1024 + 65_536), `${String(bytes)} bytes in the journal`);
});

test('the end of a session ends what it has opened outside', async () => {
  using built = await program(`
    import { spawn } from 'node:child_process'; import { createServer } from 'node:net'; import { createSocket } from 'node:dgram';
    export default async function main() { const c = spawn('sleep', ['30']); const s = createServer().listen(0); createSocket('udp4').bind(0); return [c.pid, s.address().port]; }`);
  const { outcome } = await run(built, {});
  assert.equal(outcome.how, 'done');
  const [pid, port] = outcome.how === 'done' ? (outcome.value as [number, number]) : [0, 0];
  await until('the end of the child', () => !isAlive(pid));
  const net = await import('node:net');
  const answer = (): Promise<unknown> =>
    new Promise((resolve) => {
      const socket = net.connect(port);
      socket.on('error', (error) => resolve(Reflect.get(error, 'code')));
      socket.on('connect', () => resolve(void socket.destroy()));
    });
  await until('the end of the server', async () => (await answer()) === 'ECONNREFUSED');
});

test('a connection that the agent of all keeps alive is not given to another session', async () => {
  using built = await program(`
    import http from 'node:http';
    export default async function main({ data: { port } }) { return await new Promise((resolve, reject) => http.get({ port, host: '127.0.0.1', headers: { expect: '100-continue' } }, (a) => { a.resume(); a.on('end', () => resolve(a.statusCode)); }).on('error', reject)); }`);
  const http = await import('node:http');
  let connections = 0;
  const server = http
    .createServer((_, answer) => answer.end('x'))
    .on('connection', () => connections++)
    .listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', () => resolve(undefined)));
  const { port } = server.address() as { readonly port: number };
  try {
    for (const _ of [1, 2]) assert.equal((await run(built, { data: { port } })).outcome.how, 'done');
    assert.equal(connections, 2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('two sessions at once have their own', async () => {
  using built = await program(`
    import { spawn } from 'node:child_process'; import { text } from 'node:stream/consumers';
    export default async function main({ data }) { const c = spawn('cat'); c.stdin.end(data); return await text(c.stdout); }`);
  const both = [start(built, { id: 'one', data: 'one' }), start(built, { id: 'two', data: 'two' })];
  const outcomes = await Promise.all(both.map(({ done }) => done));
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.how === 'done' ? outcome.value : outcome.error)),
    ['one', 'two'],
  );
  assert.equal(realm.session(), undefined);
});
