import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { whoIsHere } from '../../../../../test/methods/programs/here.ts';
import { until } from '../../../../../test/support/until.ts';
import { setContextLog, unix, unixListener } from '../../../../index.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rs-unix-'));
  setContextLog(() => {});
});
after(() => {
  setContextLog(() => {});
  rmSync(folder, { recursive: true, force: true });
});

/** What a connection gets that says this. @param isAnswered whether a line is waited for; else it ends after a while */
async function answerTo(place: string, said: string, isAnswered = false): Promise<string> {
  const socket = connect(place);
  let got = '';
  socket
    .on('error', () => {})
    .on('data', (bytes) => {
      got += String(bytes);
      if (got.includes('\n')) socket.end();
    });
  socket.write(said);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    if (!isAnswered) setTimeout(() => socket.end(), 300);
  });
  return got;
}

test('unixListener lets its user in and nobody else, and its processes end with it', async () => {
  const place = path.join(folder, 'a');
  const listener = await unixListener({ path: place });
  assert.equal(lstatSync(place).mode & 0o777, 0o600);
  const context = await unix({ path: place });
  const { pid } = await context.call(whoIsHere);
  assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^State:\s+[RSD]/m);
  await listener.close();
  await listener.close();
  await assert.rejects(context.call(whoIsHere), { code: 'REMOTE_LOST' });
  await until('the end of the far process', () => !readdirSync('/proc').includes(String(pid)));
  assert.deepEqual(readdirSync(folder), []);
});

test('unixListener drops who says nothing that it knows, and goes on', async () => {
  const place = path.join(folder, 'b');
  await using _listener = await unixListener({ path: place });
  const id = 'a'.repeat(32);
  for (const said of [
    '',
    '\n',
    'x\n',
    `${id}\n`,
    '{}\n',
    '{"id":1,"words":["true"]}\n',
    `{"id":"${id}","words":[]}\n`,
    `{"id":"${id}","words":[1]}\n`,
    `{"id":"${id}","words":["a\\u0000"]}\n`,
    '{'.repeat(70_000),
    `{"id":"${id}"`,
  ])
    assert.equal(await answerTo(place, said), '', said.slice(0, 40));
  assert.equal(await answerTo(place, `{"id":"${id}","words":["true"]}\n`, true), '{"ready":true}\n');
  await using context = await unix({ path: place, name: 'after' });
  assert.ok((await context.call(whoIsHere)).pid > 0);
});

test('unixListener serves others while somebody is connected and says nothing', async () => {
  const place = path.join(folder, 'e');
  await using _listener = await unixListener({ path: place });
  const silent = new Set<Socket>();
  let isOver = false;
  // Whoever is dropped comes again at once: at every moment somebody is there who says nothing.
  const beSilent = (): Socket => {
    const socket = connect(place).on('error', () => {});
    silent.add(socket);
    return socket.on('close', () => void (silent.delete(socket) && !isOver && beSilent()));
  };
  try {
    await Promise.all([beSilent(), beSilent(), beSilent()].map((socket) => once(socket, 'connect')));
    await using context = await unix({ path: place, name: 'beside' });
    assert.ok((await context.call(whoIsHere)).pid > 0);
  } finally {
    isOver = true;
    for (const socket of silent) socket.destroy();
  }
});

test('unixListener takes the name of a dead one, and of nothing else', async () => {
  const place = path.join(folder, 'c');
  await using living = await unixListener({ path: place });
  await assert.rejects(unixListener({ path: place }), { code: 'REMOTE_CONNECT_FAILED' });
  assert.equal(living.path, place);
  const file = path.join(folder, 'file');
  writeFileSync(file, 'of somebody');
  await assert.rejects(unixListener({ path: file }), { code: 'REMOTE_CONNECT_FAILED' });
  assert.equal(readFileSync(file, 'utf8'), 'of somebody');
  for (const wrong of ['relative', `/${'x'.repeat(200)}`, path.join(folder, 'no/folder')])
    await assert.rejects(unixListener({ path: wrong }), { code: 'REMOTE_CONNECT_FAILED' });
});

test('unix ends when its listener is killed, and a new listener takes over', async () => {
  const place = path.join(folder, 'd');
  const script = `import { unixListener } from ${JSON.stringify(import.meta.resolve('../../../../index.ts'))};
    await unixListener({ path: ${JSON.stringify(place)} }); console.log('listens');`;
  const listener = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(listener.stdout, 'data');
  const context = await unix({ path: place, name: 'killed' });
  const { pid } = await context.call(whoIsHere);
  const exit = once(listener, 'exit');
  listener.kill('SIGKILL');
  await exit;
  await until('the end of the far process', () => !readdirSync('/proc').includes(String(pid)));
  await assert.rejects(context.call(whoIsHere), { code: 'REMOTE_LOST' });
  await assert.rejects(unix({ path: place, name: 'nobody' }), { code: 'REMOTE_CONNECT_FAILED' });
  await using _again = await unixListener({ path: place });
  await using next = await unix({ path: place, name: 'next' });
  assert.ok((await next.call(whoIsHere)).pid > 0);
});
