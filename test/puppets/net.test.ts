// Sockets and servers of programs, each in all ways.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { killAfter, program, run } from '../replay/support/program.ts';
import { table, type Cases } from './support/table.ts';

const imports = `
import net, { createServer, connect, Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { existsSync } from 'node:fs';
const serve = async (take, options = {}) => { const s = createServer(options, take).listen(0, '127.0.0.1'); await once(s, 'listening'); return s; };
const portOf = (s) => s.address().port;
`;

// A client of the session's own server: after a crash the connection is lost, or the server is asked before it listens again.

const cases: Cases = {
  'an echo that writes to this': {
    body: `
    const s = await serve((c) => c.on('data', function (d) { this.write('echo ' + d); }).on('end', function () { this.end(); }));
    const c = connect(portOf(s), '127.0.0.1'); c.write('hi'); const [d] = await once(c, 'data'); c.end(); await once(c, 'close'); const n = await new Promise((r) => s.getConnections((e, n) => r(n))); s.close(); await once(s, 'close'); return [String(d), n, c instanceof net.Socket, s instanceof net.Server, s.listening];`,
  },
  'the address can be read in the listener, and at once': `
    const s = createServer(); const before = s.address(); const port = await new Promise((resolve) => s.listen(0, function () { resolve(this.address().port); })); const other = createServer().listen(0); const now = typeof other.address().port; other.close(); s.close(); await once(s, 'close'); return [before, port > 0, now, s.address(), s.listening];`,
  'close is said once, when the server closes and not when its connections do': {
    body: `
    let closes = 0; const s = await serve((c) => c.end('x')); s.on('close', () => closes++);
    for (let i = 0; i < 2; i++) { const c = connect(portOf(s), '127.0.0.1'); await text(c); await delay(5); }
    const before = closes; s.close(); await once(s, 'close'); await delay(5); return [before, closes];`,
    step: 2,
  },
  'listen with a port, a callback and close with one': `
    const got = []; const s = createServer(); s.on('listening', () => got.push('listening')); await new Promise((r) => s.listen(0, '127.0.0.1', r)); got.push(s.listening); await new Promise((r) => s.close(r)); got.push(s.listening); const error = await new Promise((r) => s.close(r)); return [got, error.code];`,
  'a protocol of lines': {
    body: `
    const s = await serve(async (c) => { try { for await (const line of createInterface({ input: c })) { if (line === 'quit') c.end('bye\\n'); else c.write(line.toUpperCase() + '\\n'); } } catch {} });
    const c = connect(portOf(s), '127.0.0.1'); c.write('a\\nb\\nquit\\n'); const all = await text(c); s.close(); return all;`,
  },
  'nobody listens': `
    const s = await serve(() => {}); const port = portOf(s); s.close(); await once(s, 'close'); const [e] = await once(connect(port, '127.0.0.1'), 'error'); return [e.code, e.syscall, e.address, e.port === port];`,
  'nobody listens at any address of a name': `
    const s = await serve(() => {}); const port = portOf(s); s.close(); await once(s, 'close'); const c = connect({ port, host: 'localhost' }); const [e] = await once(c, 'error'); return [e.code, Array.isArray(e.errors)];`,
  'writing before the connection stands': {
    body: `
    const s = await serve((c) => c.end('x')); const c = connect(portOf(s), '127.0.0.1'); const before = [c.connecting, c.pending, c.readyState]; c.write('early'); await once(c, 'connect'); const then = [c.connecting, c.pending, c.readyState, c.remotePort === portOf(s), c.remoteAddress, c.remoteFamily, c.localAddress, typeof c.localPort, c.address().family]; c.resume(); await once(c, 'close'); s.close(); return [before, then, c.bytesWritten, c.bytesRead, c.destroyed, c.readyState, c.pending, c.connecting];`,
  },
  'the time limit of a quiet socket': {
    body: `
    const s = await serve((c) => c.on('error', () => {})); const c = connect(portOf(s), '127.0.0.1'); await once(c, 'connect'); c.setTimeout(40); const n = c.timeout; await once(c, 'timeout'); c.destroy(); await once(c, 'close'); s.close(); return [n, 'timeout'];`,
  },
  'a socket that is made first': {
    body: `
    const s = await serve((c) => c.end('hi')); const c = new net.Socket(); const d = net.Socket(); c.connect({ port: portOf(s), host: '127.0.0.1' }); const t = await text(c); s.close(); return [t, d instanceof Socket, d.pending, new net.Stream() instanceof net.Socket];`,
  },
  'pause and resume over much data': {
    step: 3,
    body: `
    const s = await serve((c) => c.end(Buffer.alloc(300000, 'x'))); const c = connect(portOf(s), '127.0.0.1'); let n = 0; c.on('data', (d) => { n += d.length; c.pause(); setTimeout(() => c.resume(), 2); }); await once(c, 'end'); s.close(); return n;`,
  },
  'much that is written, with drain': {
    step: 3,
    body: `
    let got = 0; const s = await serve((c) => c.on('data', (d) => { got += d.length; }).on('end', () => c.end())); const c = connect(portOf(s), '127.0.0.1'); await once(c, 'connect'); let waits = 0; for (let i = 0; i < 20; i++) if (!c.write(Buffer.alloc(20000))) { waits++; await once(c, 'drain'); } c.end(); c.resume(); await once(c, 'close'); s.close(); await once(s, 'close'); return [got, waits >= 0];`,
  },
  'a server that idles over a crash keeps its port': `
    const s = await serve((c) => c.end('late')); const port = portOf(s); await delay(60); const same = portOf(s) === port; s.close(); await once(s, 'close'); return same;`,
  'a class of the program': {
    body: `
    class Mine extends net.Socket { hello() { return 'mine'; } } class Server extends net.Server {} const s = new Server((c) => c.end('x')); s.listen(0); const c = new Mine(); c.connect(s.address().port); const t = await text(c); s.close(); return [t, c.hello(), c instanceof Mine, c instanceof net.Socket, s instanceof Server];`,
  },
  'half open: the end of one side is not that of the other': {
    body: `
    const s = await serve((c) => { let all = ''; c.on('data', (d) => all += d); c.on('end', () => setTimeout(() => c.end('got ' + all), 20)); }, { allowHalfOpen: true }); const c = connect({ port: portOf(s), host: '127.0.0.1', allowHalfOpen: true }); c.end('question'); const t = await text(c); s.close(); return t;`,
  },
  'a connection that pipes into itself': {
    body: `
    const s = await serve((c) => c.pipe(c)); const c = connect(portOf(s), '127.0.0.1'); c.end('there and back'); const t = await text(c); s.close(); return t;`,
  },
  'a unix socket': {
    mayFail: ['ENOENT'],
    body: `
    const path = process.cwd() + '/s'; const s = createServer((c) => c.end('unix')).listen(path); await once(s, 'listening'); const c = connect(path); const t = await text(c); const a = s.address(); s.close(); await once(s, 'close'); return [t, a === path, existsSync(path), c.remoteAddress];`,
  },
  'a lookup of the program': {
    body: `
    const s = await serve((c) => c.end('found')); const asked = []; const lookup = (name, options, answer) => { asked.push(name); if (options.all) answer(null, [{ address: '127.0.0.1', family: 4 }]); else answer(null, '127.0.0.1', 4); }; const c = connect({ port: portOf(s), host: 'my.host', lookup }); const looked = []; c.on('lookup', (e, ip, family, host) => looked.push(ip, family, host)); const t = await text(c); s.close(); return [t, asked, looked];`,
  },
  'a port that is taken': `
    const s = createServer().listen(0); const other = createServer().listen(s.address().port); const [e] = await once(other, 'error'); const closed = await new Promise((r) => other.close(r)); s.close(); return [e.code, e.syscall, closed.code];`,
  'listening twice, and where one cannot': `
    const s = createServer().listen(0); const codes = []; for (const f of [() => s.listen(0), () => createServer().listen(70000), () => createServer().listen({}), () => connect({})]) try { f(); } catch (e) { codes.push(e.code); } s.close(); return codes;`,
  'a reset is heard by the other side': {
    body: `
    const s = await serve((c) => { c.on('error', () => {}); c.resetAndDestroy(); }); const c = connect(portOf(s), '127.0.0.1'); const [e] = await once(c, 'error'); s.close(); return e.code;`,
  },
  'only so many connections': {
    body: `
    const s = await serve((c) => c.write('in')); s.maxConnections = 1; const a = connect(portOf(s), '127.0.0.1'); await once(a, 'data'); const b = connect(portOf(s), '127.0.0.1'); b.on('error', () => {}); const [d] = await once(s, 'drop'); a.destroy(); b.destroy(); s.close(); return typeof d.remotePort;`,
  },
  'a connection that waits until it is read': {
    body: `
    const s = await serve((c) => setTimeout(() => { c.on('data', (d) => c.end(String(d))); c.resume(); }, 20), { pauseOnConnect: true }); const c = connect(portOf(s), '127.0.0.1'); c.write('held'); const t = await text(c); s.close(); return t;`,
  },
  'a socket that connects again': {
    body: `
    const s = await serve((c) => c.end('x')); const c = new net.Socket(); const got = []; for (let i = 0; i < 2; i++) { c.connect(portOf(s), '127.0.0.1'); c.on('data', (d) => got.push(String(d))); await once(c, 'close'); c.removeAllListeners('data'); } s.close(); return got.length >= 2;`,
  },
  'data into a buffer of the program': {
    body: `
    const s = await serve((c) => c.end('abcdef')); const got = []; const c = connect({ port: portOf(s), host: '127.0.0.1', onread: { buffer: Buffer.alloc(4), callback: (n, b) => { got.push(b.toString('latin1', 0, n)); return true; } } }); await once(c, 'close'); s.close(); return got.join('');`,
  },
  'a server that is disposed': `
    let s; { await using server = createServer().listen(0); s = server; } return s.listening;`,
  'destroyed before it stands': {
    body: `
    const s = await serve(() => {}); const c = connect(portOf(s), '127.0.0.1'); c.destroy(new Error('mine')); const [e] = await once(c, 'error'); await delay(5); s.close(); return [e.message, c.destroyed, c.readyState];`,
  },
};

table(imports, cases);

test('a server that is closed last leaves no file of its socket, killed or not', async () => {
  using built = await program(`import net from 'node:net'; import { once } from 'node:events';
    export default async ({ data }) => { const s = net.createServer().listen(data); await once(s, 'listening'); s.close(); };`);
  const file = join(built.folder, 'a.sock');
  const { events } = await run(built, { data: file });
  assert.equal(existsSync(file), false);
  for (let at = 2; at < events.length; at++) {
    const history = await killAfter(built, at, { data: file });
    await run(built, { data: file, history });
    assert.equal(existsSync(file), false, `killed after event ${String(at)}`);
  }
});
