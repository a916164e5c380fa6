// HTTP servers and clients of programs, each in all ways: Node's own code over sockets of the session.
import { table, type Cases } from './support/table.ts';

const imports = `
import http, { createServer, get, request } from 'node:http';
import net from 'node:net';
import { on, once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
const serve = async (take, options = {}) => { const s = createServer(options, take).listen(0, '127.0.0.1'); await once(s, 'listening'); return s; };
const ask = (s, options = {}, body) => new Promise((resolve, reject) => { const q = request({ port: s.address().port, host: '127.0.0.1', ...options }, async (a) => { try { resolve([a.statusCode, a.headers['x-it'], await text(a)]); } catch (error) { reject(error); } }); q.on('error', reject); q.end(body); });
const stop = async (s) => { s.closeAllConnections(); s.close(); await once(s, 'close'); };
`;

// A connection that was on its way is made again, so that the server may count one more.
const isMore = (value: unknown): boolean => value === 2 || (Array.isArray(value) && value.at(-1) === 2);
const cut = (body: string, step = 2) => ({ step, body, mayReturn: isMore });

const cases: Cases = {
  'a connection that changed its protocol may be silent for long': cut(`
    const s = createServer({ headersTimeout: 400, requestTimeout: 400, connectionsCheckingInterval: 10 }).listen(0, '127.0.0.1'); s.on('upgrade', (q, socket) => { socket.write('HTTP/1.1 101 Go\\r\\nConnection: Upgrade\\r\\nUpgrade: own\\r\\n\\r\\n'); socket.on('data', (d) => setTimeout(() => socket.end('late ' + d), 600)); }); await once(s, 'listening'); const q = request({ port: s.address().port, host: '127.0.0.1', headers: { connection: 'Upgrade', upgrade: 'own' } }); q.end(); const [, c] = await once(q, 'upgrade'); c.write('one'); const t = await text(c); s.close(); return t;`),
  'a request whose head does not come in time': cut(`
    const s = createServer({ headersTimeout: 40, connectionsCheckingInterval: 10 }, (q, a) => a.end()).listen(0, '127.0.0.1'); await once(s, 'listening'); const c = net.connect(s.address().port, '127.0.0.1'); c.write('GET / HTTP/1.1\\r\\nHost: x\\r\\n'); const t = await text(c); await stop(s); return t.split('\\r\\n')[0];`),
  'a body that does not come in time, and a listener for it': cut(`
    const s = createServer({ requestTimeout: 40, headersTimeout: 40, connectionsCheckingInterval: 10 }, (q) => q.resume().on('error', () => {})).listen(0, '127.0.0.1'); await once(s, 'listening'); const heard = []; s.on('clientError', (e, socket) => { heard.push(e.code, e.message); socket.end('HTTP/1.1 400 Late\\r\\n\\r\\n'); }); const c = net.connect(s.address().port, '127.0.0.1'); c.write('POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 9\\r\\n\\r\\nhalf'); const t = await text(c); await stop(s); return [t.split('\\r\\n')[0], heard];`),
  'requests in time, one after another on one connection, and a late one': cut(
    `
    const s = createServer({ requestTimeout: 600, headersTimeout: 600, connectionsCheckingInterval: 10 }, (q, a) => a.end('x')).listen(0, '127.0.0.1'); await once(s, 'listening'); const c = net.connect(s.address().port, '127.0.0.1'); const all = text(c); for (let i = 0; i < 2; i++) { c.write('GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'); await delay(20); } c.write('GET / HT'); const t = await all; await stop(s); return t.match(/HTTP.1.1 \\d+/g);`,
    4,
  ),
  'arguments that Node refuses are refused in its words': `
    const texts = []; for (const f of [() => request({ method: 5 }), () => request({ method: 'A B' }), () => request({ method: null, path: '/a b' }), () => request({ host: 5 }), () => request({ agent: 5 }), () => request({ agent: {} }), () => get('nope')]) try { f(); texts.push('none'); } catch (e) { texts.push([e.name, e.code, e.message].join(' ')); } return texts;`,
  'routes, status and headers': cut(`
    const s = await serve((q, a) => { a.statusCode = q.url === '/a' ? 200 : 404; a.setHeader('X-It', q.method); a.end(q.url); }); const r = [await ask(s, { path: '/a' }), await ask(s, { path: '/b', method: 'PUT' })]; await stop(s); return [r, s instanceof http.Server];`),
  'a request in two writes, and once for the response': cut(`
    const s = await serve(async (q, a) => { const b = await text(q); a.writeHead(201, { 'content-type': 'text/plain' }); a.write(b.length + ':'); a.end(b.slice(0, 3)); }); const q = request({ port: s.address().port, host: '127.0.0.1', method: 'POST' }); q.write('abc'); await delay(10); q.end('def'); const [a] = await once(q, 'response'); const t = await text(a); await stop(s); return [a.statusCode, t, a.headers['content-type']];`),
  'one connection for several requests': cut(
    `
    let connections = 0; const s = await serve((q, a) => a.end(q.url)); s.on('connection', () => connections++); const agent = new http.Agent({ keepAlive: true, maxSockets: 1 }); const r = []; for (const path of ['/1', '/2', '/3']) r.push((await ask(s, { path, agent }))[2]); agent.destroy(); await stop(s); return [r, connections];`,
    3,
  ),
  'the agent of all keeps connections alive within the session': cut(
    `
    let connections = 0; const s = await serve((q, a) => a.end('x')); s.on('connection', () => connections++); await ask(s); await delay(5); await ask(s); await stop(s); return connections;`,
    3,
  ),
  'an answer that is cut off': cut(`
    const s = await serve((q, a) => { a.write('half'); setTimeout(() => a.destroy(), 10); }); let code; try { await ask(s, { agent: false }); } catch (error) { code = error.code; } await stop(s); return code;`),
  // Its loop takes one request: the one that is made again after a crash would find nobody.
  'requests by for await': {
    isUncut: true,
    body: `
    const s = createServer().listen(0, '127.0.0.1'); await once(s, 'listening'); const asked = ask(s, { path: '/x', agent: false }); for await (const [q, a] of on(s, 'request')) { a.end('got ' + q.url); break; } const r = await asked; await stop(s); return r;`,
  },
  'a request that is given up': cut(`
    const s = await serve(() => {}); const q = get({ port: s.address().port, host: '127.0.0.1', agent: false }); setTimeout(() => q.destroy(), 20); const [e] = await once(q, 'error'); await stop(s); return [e.code, q.destroyed];`),
  'a request that is aborted': cut(`
    const s = await serve(() => {}); const c = new AbortController(); const q = get({ port: s.address().port, host: '127.0.0.1', agent: false, signal: c.signal }); setTimeout(() => c.abort(), 20); const [e] = await once(q, 'error'); await stop(s); return [e.name, e.code];`),
  'a time limit of a request': cut(`
    const s = await serve(() => {}); const q = get({ port: s.address().port, host: '127.0.0.1', agent: false, timeout: 30 }); await once(q, 'timeout'); q.destroy(); const [e] = await once(q, 'error'); await stop(s); return e.code;`),
  'an upgrade, and bytes after it': cut(`
    const s = createServer(); s.on('upgrade', (q, sock) => { sock.write('HTTP/1.1 101 Switching\\r\\nUpgrade: x\\r\\nConnection: Upgrade\\r\\n\\r\\n'); sock.on('data', (d) => sock.end('got ' + d)); }); s.listen(0); await once(s, 'listening'); const q = request({ port: s.address().port, headers: { connection: 'Upgrade', upgrade: 'x' }, agent: false }); q.end(); const [a, sock] = await once(q, 'upgrade'); sock.write('raw'); const t = await text(sock); s.close(); return [a.statusCode, t];`),
  'a tunnel by CONNECT': cut(`
    const s = createServer(); s.on('connect', (q, sock) => { sock.write('HTTP/1.1 200 OK\\r\\n\\r\\n'); sock.on('data', (d) => sock.end(q.url + ' ' + d)); }); s.listen(0); const q = request({ port: s.address().port, method: 'CONNECT', path: 'there:80', agent: false }); q.end(); const [a, sock] = await once(q, 'connect'); sock.write('in'); const t = await text(sock); s.close(); return [a.statusCode, t];`),
  'continue, and trailers': cut(`
    const s = createServer(); s.on('checkContinue', (q, a) => { a.writeContinue(); a.writeHead(200, { Trailer: 'X-End' }); q.on('data', (d) => a.write(d)); q.on('end', () => { a.addTrailers({ 'X-End': 'yes' }); a.end(); }); }); s.listen(0); const q = request({ port: s.address().port, method: 'POST', agent: false, headers: { Expect: '100-continue' } }); q.flushHeaders(); await once(q, 'continue'); q.end('body'); const [a] = await once(q, 'response'); const t = await text(a); await stop(s); return [t, a.trailers['x-end']];`),
  'the address in the listener of listen': cut(`
    const s = createServer((q, a) => a.end('x')); const port = await new Promise((r) => s.listen(0, function () { r(this.address().port); })); const r = await ask(s, { port, host: 'localhost', agent: false }); await stop(s); return [r[2], port > 0];`),
  'sockets by a function of the program': {
    ...cut(`
    const net = await import('node:net'); const s = await serve((q, a) => a.end('own')); let made = 0; const r = await ask(s, { createConnection: (o) => { made++; return net.connect({ port: o.port, host: '127.0.0.1' }); } }); await stop(s); return [r[2], made];`),
  },
  'the server ends what is idle': cut(
    `
    const s = await serve((q, a) => a.end('x')); const agent = new http.Agent({ keepAlive: true }); await ask(s, { agent }); await delay(5); const closed = once(s, 'close'); s.close(); await closed; agent.destroy(); return s.listening;`,
    3,
  ),
  'an event of the server that the program makes': cut(`
    const s = createServer(); const got = []; s.on('mine', () => got.push('heard')); const was = s.emit('mine'); got.push(was); s.listen(0); await once(s, 'listening'); s.close(); await once(s, 'close'); return got;`),
  'a bad request': cut(`
    const net = await import('node:net'); const s = await serve(() => {}); const c = net.connect(s.address().port, '127.0.0.1'); c.end('nonsense\\r\\n\\r\\n'); const t = await text(c); await stop(s); return t.split('\\r\\n')[0];`),
  'a class of the program that is a server': cut(`
    class Mine extends http.Server { constructor() { super((q, a) => a.end('mine')); } } const s = new Mine(); s.listen(0); await once(s, 'listening'); const r = await ask(s, { host: 'localhost', agent: false }); await stop(s); return r[2];`),
  'an answer in pieces by a timer': cut(
    `
    const s = await serve((q, a) => { let n = 0; const t = setInterval(() => { a.write(String(n)); if (++n === 3) { clearInterval(t); a.end(); } }, 5); }); const r = await ask(s, { agent: false }); await stop(s); return r[2];`,
    3,
  ),
};

table(imports, cases);
