// HTTP/2 of programs, both sides, each in all ways.
import { readFileSync } from 'node:fs';
import { table, type Cases } from './support/table.ts';

const pem = (name: string): string => JSON.stringify(readFileSync(new URL(`./fixtures/${name}.pem`, import.meta.url), 'utf8'));

const imports = `
import http2, { connect, constants } from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
const key = ${pem('key')}; const cert = ${pem('cert')};
const listen = async (s) => { s.listen(0, '127.0.0.1'); await once(s, 'listening'); return s; };
const serve = (take) => listen(http2.createServer().on('stream', take));
const to = (s, options) => connect('http://127.0.0.1:' + s.address().port, options);
`;

const mayFail = ['ECONNREFUSED'];
const cut = (body: string, step = 3) => ({ mayFail, step, body });

const cases: Cases = {
  'a request and its answer': cut(
    `
    const s = await serve((q, h) => { q.respond({ ':status': 200, 'x-path': h[':path'] }); q.end('over http2'); });
    const c = to(s); const q = c.request({ ':path': '/a' }); const [h] = await once(q, 'response'); const t = await text(q); c.close(); await once(c, 'close'); s.close(); await once(s, 'close'); return [h[':status'], h['x-path'], t, s instanceof net.Server];`,
    1,
  ),
  'a body both ways': cut(`
    const s = await serve(async (q, h) => { const t = await text(q); q.respond({ ':status': 201, 'content-type': 'text/plain' }); q.end(h[':method'] + ' ' + t.toUpperCase()); });
    const c = to(s); const q = c.request({ ':method': 'POST', ':path': '/p' }); q.write('one '); q.end('two'); const [h] = await once(q, 'response'); const t = await text(q); c.close(); s.close(); return [h[':status'], h['content-type'], t];`),
  'trailers of both sides': cut(`
    const s = await serve((q, h) => { let came; q.on('trailers', (t) => { came = t['x-sum']; }); let n = 0; q.on('data', (d) => { n += d.length; }); q.on('end', () => { q.respond({}, { waitForTrailers: true }); q.on('wantTrailers', () => q.sendTrailers({ 'x-came': came, 'x-size': String(n) })); q.end('body'); }); });
    const c = to(s); const q = c.request({ ':method': 'POST' }, { waitForTrailers: true }); q.on('wantTrailers', () => q.sendTrailers({ 'x-sum': 'seven' })); q.end('1234567'); const trailers = once(q, 'trailers'); const t = await text(q); const [tr] = await trailers; const sent = q.sentTrailers['x-sum']; c.close(); s.close(); return [t, tr['x-came'], tr['x-size'], sent];`),
  'requests in the manner of HTTP/1': cut(`
    const s = await listen(http2.createServer(async (q, r) => { const t = await text(q); r.setHeader('x-method', q.method); r.writeHead(202, { 'x-version': q.httpVersion, 'x-peer': q.socket.remoteAddress }); r.write('got '); r.end(t + ' ' + q.url + ' ' + q.headers['x-one'] + ' ' + (q.stream.session === q.stream.session) + ' ' + (q instanceof http2.Http2ServerRequest) + ' ' + (r instanceof http2.Http2ServerResponse)); }));
    const c = to(s); const q = c.request({ ':method': 'PUT', ':path': '/u?x=1', 'x-one': '1' }); q.end('put'); const [h] = await once(q, 'response'); const t = await text(q); c.close(); s.close(); return [h[':status'], h['x-method'], h['x-version'], h['x-peer'], t];`),
  'several streams at a time': cut(
    `
    const s = await serve(async (q, h) => { await delay(h[':path'] === '/0' ? 20 : 1); q.respond(); q.end('answer ' + h[':path']); });
    const c = to(s); const all = await Promise.all([0, 1, 2].map(async (n) => { const q = c.request({ ':path': '/' + n }); const t = await text(q); return [q.id, t]; })); c.close(); s.close(); return all;`,
    6,
  ),
  'a stream that the client resets': cut(`
    const seen = []; let gone; const told = new Promise((r) => { gone = r; }); const s = await serve((q) => { q.on('aborted', () => seen.push('aborted')); q.on('error', (e) => seen.push(e.code)); q.on('close', () => { seen.push(q.rstCode); gone(); }); q.respond(); q.write('part'); });
    const c = to(s); const q = c.request({}); await once(q, 'data'); q.close(constants.NGHTTP2_CANCEL); await once(q, 'close'); await Promise.race([told, delay(5000)]); c.close(); s.close(); return [q.rstCode, q.closed, q.destroyed, q.aborted, seen];`),
  'a stream that the server resets': cut(`
    const s = await serve((q) => { q.on('error', () => {}); q.close(constants.NGHTTP2_REFUSED_STREAM); });
    const c = to(s); const q = c.request({}); const [e] = await once(q, 'error'); c.close(); s.close(); return [e.code, e.message, q.rstCode];`),
  'a request that is taken back': cut(`
    const s = await serve((q) => { q.on('error', () => {}); q.respond(); q.write('x'); }); const a = new AbortController();
    const c = to(s); const q = c.request({}, { signal: a.signal }); await once(q, 'response'); const closed = once(q, 'close').catch(() => {}); a.abort(); const [e] = await once(q, 'error'); await closed; c.close(); s.close(); return [e.name, e.code, q.rstCode];`),
  'an encrypted one, and what is known of it': cut(`
    const s = await listen(http2.createSecureServer({ key, cert })); s.on('stream', (q) => { q.respond({ 'x-enc': String(q.session.encrypted) }); q.end(q.session.alpnProtocol); });
    const c = connect('https://localhost:' + s.address().port, { ca: cert, lookup: (n, o, done) => (o.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)) }); await once(c, 'connect'); const facts = [c.encrypted, c.alpnProtocol, c.socket instanceof tls.TLSSocket, c.socket.authorized, c.socket.getPeerCertificate().subject.CN, s instanceof tls.Server]; const q = c.request({}); const [h] = await once(q, 'response'); const t = await text(q); c.close(); s.close(); return [facts, h['x-enc'], t];`),
  'ping, settings and what they say': cut(`
    const s = await serve((q) => { q.respond(); q.end(); }); const pinged = []; s.on('session', (z) => z.on('ping', (p) => pinged.push(String(p))));
    const c = to(s, { settings: { initialWindowSize: 70000 } }); const before = [c.connecting, c.closed, c.destroyed, c.encrypted, c.pendingSettingsAck, c.localSettings.initialWindowSize]; await once(c, 'localSettings'); const mine = [c.localSettings.initialWindowSize, c.pendingSettingsAck, c.type, c.alpnProtocol];
    const p = await new Promise((r) => c.ping(Buffer.from('12345678'), (e, d, b) => r([e, typeof d, String(b)]))); const l = await new Promise((r) => c.settings({ maxConcurrentStreams: 5 }, (e, l) => r([e, l?.maxConcurrentStreams]))); const w = c.state.effectiveLocalWindowSize; c.close(); s.close(); return [before, mine, p, l, w, pinged];`),
  'the server says that it goes': cut(`
    const s = await serve((q) => { q.respond(); q.end('last'); q.session.goaway(0, q.id, Buffer.from('bye')); });
    const c = to(s); const q = c.request({}); const gone = once(c, 'goaway'); const t = await text(q); const [code, last, data] = await gone; const after = c.request({}); const [e] = await once(after, 'error'); c.destroy(); s.close(); return [t, code, String(data), c.closed, e.code];`),
  'a session that is destroyed': cut(`
    const s = await serve((q) => { q.on('error', () => {}); q.respond(); q.write('x'); }); s.on('sessionError', () => {});
    const c = to(s); const q = c.request({}); await once(q, 'data'); const errors = []; q.on('error', (e) => errors.push(e.message)); c.on('error', (e) => errors.push(e.message)); c.destroy(new Error('mine')); await once(c, 'close'); s.close(); let thrown; try { c.ping(() => {}); } catch (e) { thrown = e.code; } return [errors, c.destroyed, q.destroyed, thrown];`),
  'nobody listens': cut(`
    const s = await listen(net.createServer()); const port = s.address().port; s.close(); await once(s, 'close'); const c = connect('http://127.0.0.1:' + port); const q = c.request({}); const qe = once(q, 'error'); const [e] = await once(c, 'error'); const [f] = await qe; return [e.code, f.code, f.cause?.code];`),
  'an answer in parts, more than the window': cut(
    `
    const s = await serve((q) => { q.respond(); for (let i = 0; i < 20; i++) q.write(Buffer.alloc(20000, 'x')); q.end(); });
    const c = to(s); const q = c.request({}); let n = 0; q.on('data', (d) => { n += d.length; q.pause(); setTimeout(() => q.resume(), 1); }); await once(q, 'end'); c.close(); s.close(); return n;`,
    12,
  ),
  'a body that is more than the window': cut(
    `
    const s = await serve(async (q) => { let n = 0; for await (const d of q) n += d.length; q.respond(); q.end(String(n)); });
    const c = to(s); const q = c.request({ ':method': 'POST' }); let waits = 0; for (let i = 0; i < 15; i++) if (!q.write(Buffer.alloc(20000))) { waits++; await once(q, 'drain'); } q.end(); const t = await text(q); c.close(); s.close(); return [t, waits > 0];`,
    12,
  ),
  'HEAD, no content, and a head that is all': cut(`
    const s = await serve((q, h) => { if (h[':path'] === '/204') { q.respond({ ':status': 204 }); q.end(); } else if (h[':path'] === '/all') q.respond({ ':status': 200, 'x-a': '1' }, { endStream: true }); else { q.respond({ 'content-length': 5 }); q.end('abcde'); } });
    const c = to(s); const got = []; for (const [m, p] of [['HEAD', '/'], ['GET', '/204'], ['GET', '/all']]) { const q = c.request({ ':method': m, ':path': p }); const [h, f] = await once(q, 'response'); got.push([h[':status'], f, await text(q)]); } c.close(); s.close(); return got;`),
  'heads that come before the head': cut(`
    const s = await serve((q) => { q.additionalHeaders({ ':status': 103, link: '<a>' }); q.respond(); q.end('x'); });
    const c = to(s); const q = c.request({}); const early = []; q.on('headers', (h) => early.push(h[':status'], h.link)); const t = await text(q); c.close(); s.close(); return [early, t];`),
  'Expect: 100-continue': cut(`
    const s = await listen(http2.createServer(async (q, r) => { r.end(await text(q)); }));
    const c = to(s); const q = c.request({ ':method': 'POST', expect: '100-continue' }); await once(q, 'continue'); q.end('went on'); const t = await text(q); c.close(); s.close(); return t;`),
  'a session over a socket of the program': cut(`
    const s = await serve((q) => { q.respond(); q.end('over mine'); }); const socket = net.connect(s.address().port, '127.0.0.1'); await once(socket, 'connect'); await delay(5);
    const c = connect('http://example.test', { createConnection: () => socket }); const closed = once(socket, 'close'); const q = c.request({}); const sent = q.sentHeaders[':authority']; const t = await text(q); c.close(); await closed; s.close(); return [t, sent, socket.destroyed];`),
  'a promise of a session': cut(`
    const { promisify } = await import('node:util'); const s = await serve((q) => { q.respond(); q.end('p'); }); const c = await promisify(connect)('http://127.0.0.1:' + s.address().port); const t = await text(c.request({})); c.close(); s.close(); return t;`),
  'time limits of a stream and of a session': cut(
    `
    const s = await serve((q) => { q.on('error', () => {}); q.respond(); q.write('x'); }); const c = to(s); const q = c.request({}); await once(q, 'data'); q.setTimeout(30); await once(q, 'timeout'); c.setTimeout(30); await once(c, 'timeout'); q.close(8); c.close(); s.close(); return [q.timeout, c.timeout];`,
    4,
  ),
  'a server that idles over a crash keeps its port': `
    const s = await serve((q) => q.respond()); const port = s.address().port; await delay(60); const same = s.address().port === port; s.close(); await once(s, 'close'); return [same, s.listening];`,
  'a server that closes lets its sessions end': cut(`
    const s = await serve(async (q) => { await delay(10); q.respond(); q.end('slow'); }); const c = to(s); const q = c.request({}); await once(s, 'stream'); const closed = Promise.all([once(s, 'close'), once(c, 'close')]); s.close(); const t = await text(q); await closed; return [t, c.closed];`),
  'HTTP/1 where a server allows it': cut(`
    const https = await import('node:https'); const s = await listen(http2.createSecureServer({ key, cert, allowHTTP1: true }, (q, r) => r.end(q.httpVersion + ' ' + q.url))); const port = s.address().port;
    const a = await new Promise((r, no) => https.get({ port, host: 'localhost', family: 4, ca: cert, path: '/one', agent: false }, r).on('error', no)); const one = await text(a); const c = connect('https://localhost:' + port, { ca: cert, family: 4 }); const two = await text(c.request({ ':path': '/two' })); c.close(); s.close(); return [one, two];`),
  'what Node refuses at once': `
    const s = await serve((q) => { const codes = []; for (const f of [() => q.respond({ ':path': '/' }), () => q.respond({ connection: 'close' }), () => q.sendTrailers({}), () => q.respond({ 'a b': '1' }), () => q.additionalHeaders({ ':status': 101 })]) try { f(); codes.push('none'); } catch (e) { codes.push(e.code); } q.respond(); try { q.respond(); } catch (e) { codes.push(e.code); } q.end(JSON.stringify(codes)); });
    const c = to(s); const codes = []; for (const f of [() => c.request({ ':nonsense': '1' }), () => c.request({ upgrade: 'x' }), () => c.ping(Buffer.alloc(3), () => {}), () => connect('ftp://x')]) try { f(); codes.push('none'); } catch (e) { codes.push(e.code); } const t = await text(c.request({})); c.close(); s.close(); return [codes, JSON.parse(t)];`,
  'what cannot be recorded is refused': {
    isUncut: true,
    plainValue: [['PACKAGE_NEEDS_BOUNDARY', 'PACKAGE_NEEDS_BOUNDARY'], 'PACKAGE_NEEDS_BOUNDARY'],
    body: `
    const { Duplex } = await import('node:stream'); const codes = []; for (const f of [() => http2.performServerHandshake(new Duplex()), () => connect('http://x', { createConnection: () => new Duplex() })]) try { f(); codes.push('none'); } catch (e) { codes.push(e.code); }
    const s = await serve((q) => { let code; try { q.respondWithFile('x'); } catch (e) { code = e.code; } q.respond(); q.end(code); }); const c = to(s); const t = await text(c.request({})); c.close(); s.close(); return [codes, t];`,
  },
};

table(imports, cases);
