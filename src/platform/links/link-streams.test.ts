import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { streamsLink } from './link-streams.ts';

/** The two ends of a connection. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const far = await accepted;
  server.close();
  return [near, far];
}

const link = (socket: Socket) => streamsLink('peer', socket, socket);
const closed = (of: ReturnType<typeof link>): Promise<string> => new Promise((resolve) => of.onClose(resolve));

test('streamsLink delivers what was sent before it was closed, and tells both ends once', async () => {
  const [a, b] = (await pair()).map(link) as [ReturnType<typeof link>, ReturnType<typeof link>];
  let got = '';
  let told = 0;
  b.onData((bytes) => (got += Buffer.from(bytes).toString()));
  a.onClose(() => (told += 1));
  const end = closed(b);
  a.send(Buffer.from('x'.repeat(1_000_000)));
  a.send(Buffer.from('end'));
  a.close('done');
  a.close('again');
  await end;
  assert.equal(got.length, 1_000_003);
  assert.equal(told, 1);
  assert.equal(a.send(Buffer.from('dropped')), true);
});

test('streamsLink says when the peer is slow, and when it reads again', async () => {
  const [a, b] = (await pair()).map(link) as [ReturnType<typeof link>, ReturnType<typeof link>];
  b.onData(() => {});
  b.pause();
  let isFast = true;
  for (let i = 0; isFast && i < 10_000; i += 1) isFast = a.send(new Uint8Array(65_536));
  assert.equal(isFast, false);
  const drained = new Promise<void>((resolve) => a.onDrain(resolve));
  b.resume();
  await drained;
  const ends = [closed(a), closed(b)];
  a.close();
  await Promise.all(ends);
});

test('streamsLink tells a handler that is set after the end, and throws for nothing', async () => {
  const [near, far] = await pair();
  const a = link(near);
  a.onData(() => {});
  far.on('error', () => {});
  far.resetAndDestroy();
  await new Promise((resolve) => near.once('close', resolve));
  assert.equal(typeof (await closed(a)), 'string');
  a.send(Buffer.from('x'));
  a.pause();
  a.resume();
  a.close();
});

test('streamsLink, once closed, does not keep the process alive for a peer that never reads', async () => {
  const silent: Socket[] = [];
  const server = createServer((socket) => silent.push(socket.pause()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const program = `import { connect } from 'node:net';
    import { streamsLink } from ${JSON.stringify(import.meta.resolve('./link-streams.ts'))};
    const socket = connect(${(server.address() as AddressInfo).port}, '127.0.0.1');
    socket.once('connect', () => {
      const link = streamsLink('peer', socket, socket);
      link.onData(() => {});
      for (let i = 0; i < 100; i += 1) link.send(new Uint8Array(1_000_000));
      link.close();
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit', timeout: 60_000 });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  for (const socket of silent) socket.destroy();
  server.close();
});

test('streamsLink reads the last words of a process that is gone, though a write to it fails before', async () => {
  const words = 'x'.repeat(10_000);
  const child = spawn(process.execPath, ['-e', `require('node:fs').writeSync(3, 'x'.repeat(${String(words.length)}))`], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const socket = child.stdio[3] as Socket;
  const one = streamsLink('gone', socket, socket);
  const end = closed(one);
  let got = '';
  one.onData((bytes) => (got += String(bytes)));
  // Our loop stands still until it is gone: nothing of it was read.
  let state = '';
  for (let looks = 0; looks < 1000 && !state.startsWith('Z'); looks++)
    state = spawnSync('ps', ['-o', 'stat=', '-p', String(child.pid)], { encoding: 'utf8' }).stdout;
  assert.match(state, /^Z/);
  one.send(Buffer.from('is there anybody?'));
  assert.equal(await end, 'the other side closed it');
  assert.equal(got, words);
});
