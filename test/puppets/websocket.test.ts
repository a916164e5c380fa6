// The global WebSocket of programs, with a server of their own, each in all ways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killAfter, program, run } from '../replay/support/program.ts';
import { table, type Cases } from './support/table.ts';

/** A server that speaks as much of the protocol as the tests need. `take(send, kind, payload, socket)` gets each message. */
const imports = `
import http from 'node:http';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
const frame = (kind, payload) => {
  const bytes = Buffer.from(payload);
  const size = bytes.length;
  const head = size < 126 ? [0x80 | kind, size] : size < 65536 ? [0x80 | kind, 126, size >> 8, size & 255] : [0x80 | kind, 127, 0, 0, 0, 0, size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255];
  return Buffer.concat([Buffer.from(head), bytes]);
};
const framesIn = (socket, take) => {
  let rest = Buffer.alloc(0);
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      if (rest.length < 2) return;
      let size = rest[1] & 127; let at = 2;
      if (size === 126) { if (rest.length < 4) return; size = rest.readUInt16BE(2); at = 4; }
      else if (size === 127) { if (rest.length < 10) return; size = rest.readUInt32BE(6); at = 10; }
      if (rest.length < at + 4 + size) return;
      const mask = rest.subarray(at, at + 4);
      const payload = Buffer.from(rest.subarray(at + 4, at + 4 + size).map((byte, i) => byte ^ mask[i & 3]));
      const kind = rest[0] & 15;
      rest = rest.subarray(at + 4 + size);
      take(kind, payload);
    }
  });
};
const serve = async (take, { protocol, greet } = {}) => {
  const server = http.createServer();
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + (protocol ? '\\r\\nSec-WebSocket-Protocol: ' + protocol : '') + '\\r\\n\\r\\n');
    const send = (kind, payload) => socket.write(frame(kind, payload));
    if (greet !== undefined) send(1, greet);
    framesIn(socket, (kind, payload) => (kind === 8 ? socket.end(frame(8, payload)) : take(send, kind, payload, socket, request)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: 'ws://127.0.0.1:' + server.address().port, close: () => { server.close(); server.closeAllConnections(); } };
};
const heard = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
const several = (target, count) => new Promise((resolve) => { const seen = []; target.addEventListener('message', ({ data }) => { if (seen.push(data) === count) resolve(seen); }); });
const echo = (send, kind, payload) => send(kind, payload);
`;

const cut = (body: string, step = 2) => ({ mayFail: ['ECONNREFUSED'], step, mayReturn: () => false, body });

const cases: Cases = {
  'an echo, and what is known of it': cut(`
    const s = await serve(echo);
    const ws = new WebSocket(s.url);
    const before = [ws instanceof WebSocket, ws instanceof EventTarget, ws.constructor === WebSocket, ws.readyState, ws.url.startsWith('ws:'), ws.protocol, ws.binaryType];
    const opened = await heard(ws, 'open');
    const open = [opened.type, opened.target === ws, ws.readyState === WebSocket.OPEN, ws.extensions];
    ws.send('hello');
    const message = await heard(ws, 'message');
    ws.close();
    const closing = ws.readyState;
    const { code, reason, wasClean } = await heard(ws, 'close');
    if (code === 1006) throw Object.assign(new Error('lost'), { code: 'LIVE_OBJECT_LOST' });
    s.close();
    return [before, open, message.data, message.origin === s.url, message.constructor === MessageEvent, closing, code, reason, wasClean, ws.readyState];`),
  'the class that node:http has is the same': cut(`
    const s = await serve(echo);
    const ws = new http.WebSocket(s.url);
    await heard(ws, 'open');
    ws.send('x');
    const { data } = await heard(ws, 'message');
    ws.close(); const { code } = await heard(ws, 'close'); s.close();
    if (code === 1006) throw Object.assign(new Error('lost'), { code: 'LIVE_OBJECT_LOST' });
    return [http.WebSocket === WebSocket, ws instanceof WebSocket, data];`),
  'handlers in attributes, one after another': cut(`
    const s = await serve((send, kind, payload) => send(kind, 'got ' + payload));
    const seen = [];
    await new Promise((resolve, reject) => {
      const ws = new WebSocket(s.url);
      ws.onopen = () => ws.send('1');
      ws.onmessage = ({ data }) => { seen.push(data); if (seen.length < 4) ws.send(String(seen.length + 1)); else ws.close(3001, 'enough'); };
      ws.onerror = ({ error }) => reject(error);
      ws.onclose = ({ code, reason }) => { seen.push(code, reason); resolve(); };
    });
    s.close();
    return seen;`),
  'bytes as a buffer and as a blob': cut(`
    const s = await serve(echo);
    const ws = new WebSocket(s.url);
    await heard(ws, 'open');
    const bytes = new Uint8Array([1, 2, 3]);
    ws.send(bytes); bytes.fill(9);
    const blob = (await heard(ws, 'message')).data;
    ws.binaryType = 'arraybuffer';
    ws.send(new Uint8Array([4, 5, 6]).buffer);
    const buffer = (await heard(ws, 'message')).data;
    const both = several(ws, 2);
    ws.send(new Blob(['in a blob'])); ws.send('after it');
    const [third, fourth] = await both;
    ws.close(); await heard(ws, 'close'); s.close();
    return [blob instanceof Blob, [...await blob.bytes()], buffer instanceof ArrayBuffer, [...new Uint8Array(buffer)], Buffer.from(third).toString(), fourth, ws.binaryType];`),
  'a protocol that is agreed on': cut(`
    const s = await serve(echo, { protocol: 'chat', greet: 'welcome' });
    const ws = new WebSocket(s.url, ['chat', 'other']);
    const { data } = await heard(ws, 'message');
    ws.close(1000); const { code } = await heard(ws, 'close'); s.close();
    if (code === 1006) throw Object.assign(new Error('lost'), { code: 'LIVE_OBJECT_LOST' });
    return [data, ws.protocol, code];`),
  'the server closes': cut(`
    const s = await serve((send, kind, payload, socket) => { const bytes = Buffer.from('__bye'); bytes.writeUInt16BE(4000); socket.write(frame(8, bytes)); });
    const ws = new WebSocket(s.url);
    await heard(ws, 'open'); ws.send('x');
    const { code, reason, wasClean } = await heard(ws, 'close'); s.close();
    if (code === 1006) throw Object.assign(new Error('lost'), { code: 'LIVE_OBJECT_LOST' });
    return [code, reason, wasClean, ws.readyState];`),
  'the server goes without a word': cut(`
    const s = await serve((send, kind, payload, socket) => socket.destroy());
    const ws = new WebSocket(s.url); const seen = [];
    await heard(ws, 'open'); ws.send('x');
    ws.addEventListener('error', ({ type, message, error }) => seen.push(type, error.code ?? message, error.name, ws.readyState));
    const { code, reason, wasClean } = await heard(ws, 'close'); s.close();
    return [...seen, code, reason, wasClean];`),
  'nobody there, and one that refuses': cut(`
    const server = http.createServer((q, a) => a.end()); server.on('upgrade', (q, socket) => socket.end('HTTP/1.1 400 No\\r\\n\\r\\n')); server.listen(0, '127.0.0.1'); await once(server, 'listening');
    const seen = [];
    for (const url of ['ws://127.0.0.1:1', 'ws://127.0.0.1:' + server.address().port]) {
      const ws = new WebSocket(url);
      ws.onerror = ({ type, error }) => seen.push(type, error.name, ws.readyState);
      const { code, wasClean } = await heard(ws, 'close'); seen.push(code, wasClean);
    }
    server.close(); server.closeAllConnections();
    return seen;`),
  'what Node refuses, in its words': cut(`
    const s = await serve(echo); const seen = [];
    const attempt = (f) => { try { f(); seen.push('fine'); } catch (error) { seen.push(error.name + ': ' + error.message); } };
    for (const args of [[], ['no url'], [s.url, ['a', 'a']], ['foo://x']]) attempt(() => new WebSocket(...args));
    const ws = new WebSocket(s.url);
    attempt(() => ws.send('early'));
    await heard(ws, 'open');
    attempt(() => ws.send()); attempt(() => ws.close(999)); attempt(() => ws.close(3000, 'x'.repeat(124)));
    ws.close(); await heard(ws, 'close'); attempt(() => ws.send('late')); attempt(() => ws.close()); s.close();
    return [...seen, ws.bufferedAmount];`),
  'one that is closed before it stands': cut(`
    const s = await serve(echo); const seen = [];
    const ws = new WebSocket(s.url);
    ws.onopen = () => seen.push('open'); ws.onerror = () => seen.push('error'); ws.onclose = ({ code }) => seen.push(code);
    const closed = heard(ws, 'close'); ws.close(); await closed;
    await new Promise((resolve) => setTimeout(resolve, 30)); s.close();
    return [...seen, ws.readyState];`),
  'much that is sent at once': cut(
    `
    const s = await serve((send, kind, payload) => send(1, String(payload.length)));
    const ws = new WebSocket(s.url); await heard(ws, 'open');
    const all = several(ws, 3);
    for (let i = 0; i < 3; i++) { ws.send('x'.repeat(50_000)); }
    const most = ws.bufferedAmount;
    const seen = await all;
    while (ws.bufferedAmount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    ws.close(); await heard(ws, 'close'); s.close();
    return [most, seen];`,
    5,
  ),
  'a subclass of it': cut(`
    class Lines extends WebSocket { lines = []; constructor(url) { super(url); this.addEventListener('message', ({ data }) => this.lines.push(data)); } say(text) { this.send(text); } }
    const s = await serve(echo); const ws = new Lines(s.url);
    await heard(ws, 'open'); ws.say('a'); await heard(ws, 'message'); ws.close(); await heard(ws, 'close'); s.close();
    return [ws.lines, ws instanceof Lines, ws instanceof WebSocket];`),
};

table(imports, cases);

const TALK = (listen: string): string => `${imports}
export default async () => {
  const s = await serve(echo); const seen = [];
  const ws = new WebSocket(s.url); await heard(ws, 'open');
  ${listen}
  return await new Promise((resolve) => {
    ws.addEventListener('message', () => { seen.push('message'); if (seen.length < 30) ws.send('x'); else resolve(seen); });
    ws.addEventListener('seen', () => resolve(seen));
    ws.send('x');
  });
};`;

test('one that is lost says error, then close with code 1006', async () => {
  const listen = `ws.onerror = ({ type, error }) => seen.push(type, error.code, ws.readyState);
    ws.onclose = ({ code, wasClean }) => { seen.push(code, wasClean); ws.dispatchEvent(new Event('seen')); };`;
  using built = await program(TALK(listen));
  const history = await killAfter(built, 40);
  const { outcome } = await run(built, { history });
  assert.deepEqual(outcome.how === 'done' && (outcome.value as unknown[]).slice(-5), ['error', 'LIVE_OBJECT_LOST', 3, 1006, false]);
});

test('one that is lost while nobody listens for it ends the session with the code', async () => {
  using built = await program(TALK(''));
  const history = await killAfter(built, 40);
  const { outcome } = await run(built, { history });
  assert.equal(outcome.how === 'failed' && Reflect.get(outcome.error as object, 'code'), 'LIVE_OBJECT_LOST');
});
