// Encrypted connections and servers of programs, each in all ways.
import { readFileSync } from 'node:fs';
import { table, type Cases } from './support/table.ts';

const pem = (name: string): string => JSON.stringify(readFileSync(new URL(`./fixtures/${name}.pem`, import.meta.url), 'utf8'));

const imports = `
import tls, { connect } from 'node:tls';
import net from 'node:net';
import https from 'node:https';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
const key = ${pem('key')}; const cert = ${pem('cert')};
const serve = async (take, options = {}) => { const s = tls.createServer({ key, cert, ...options }, take).listen(0, '127.0.0.1'); await once(s, 'listening'); return s; };
`;

const cut = (body: string, step = 2) => ({ step, body });

const cases: Cases = {
  'an echo, and what is known of it': cut(`
    const s = await serve((c) => c.pipe(c), { ALPNProtocols: ['x'] }); const c = connect({ port: s.address().port, host: '127.0.0.1', ca: cert, ALPNProtocols: ['x'] }); const before = [c.authorized, c.secureConnecting, c.encrypted]; await once(c, 'secureConnect'); const facts = [c.authorized, c.authorizationError, c.alpnProtocol, c.getProtocol(), c.getCipher().version, c.getPeerCertificate().subject.CN, c.isSessionReused(), c.remotePort === s.address().port, c instanceof tls.TLSSocket, c instanceof net.Socket]; c.end('hello'); const t = await text(c); s.close(); return [before, facts, t];`),
  'a certificate that nobody signed': cut(`
    const s = await serve((c) => c.end()); s.on('tlsClientError', () => {}); const c = connect(s.address().port, '127.0.0.1'); const [e] = await once(c, 'error'); s.close(); return e.code;`),
  'one that is taken all the same': cut(`
    const s = await serve((c) => c.end('x')); const c = connect(s.address().port, '127.0.0.1', { rejectUnauthorized: false }, () => {}); await once(c, 'secureConnect'); const facts = [c.authorized, String(c.authorizationError?.code ?? c.authorizationError)]; const t = await text(c); s.close(); return [facts, t];`),
  'https, both sides': cut(`
    const s = https.createServer({ key, cert }, (q, a) => a.end(q.url)).listen(0, '127.0.0.1'); await once(s, 'listening'); const a = await new Promise((r, no) => https.get({ port: s.address().port, host: 'localhost', family: 4, ca: cert, path: '/p', agent: false }, r).on('error', no)); const t = await text(a); s.closeAllConnections(); s.close(); await once(s, 'close'); return [a.statusCode, t, s instanceof https.Server, a.socket.authorized];`),
  'the agent of all for https': cut(
    `
    let n = 0; const s = https.createServer({ key, cert }, (q, a) => a.end('x')).listen(0, '127.0.0.1'); s.on('secureConnection', () => n++); await once(s, 'listening'); for (let i = 0; i < 2; i++) { const a = await new Promise((r, no) => https.get({ port: s.address().port, host: 'localhost', family: 4, ca: cert }, r).on('error', no)); await text(a); await new Promise((r) => setTimeout(r, 5)); } s.closeAllConnections(); s.close(); await once(s, 'close'); return n > 0;`,
    4,
  ),
  // The client is gone at a resume, and its server waits for another one.
  'one that does not speak it at all': {
    isUncut: true,
    body: `
    const s = https.createServer({ key, cert }, (q, a) => a.end('x')).listen(0, '127.0.0.1'); await once(s, 'listening'); const told = once(s, 'tlsClientError'); const c = net.connect(s.address().port, '127.0.0.1'); c.on('error', () => {}); c.write('GET / HTTP/1.1\\r\\n\\r\\n'); const [e, socket] = await told; c.destroy(); s.close(); return [e.code, socket.destroyed];`,
  },
  'encrypted over a connection that stands': cut(`
    const outside = await serve((c) => c.on('data', (d) => c.end('secret ' + d))); const raw = net.connect(outside.address().port, '127.0.0.1'); await once(raw, 'connect'); const c = connect({ socket: raw, ca: cert, servername: 'localhost' }); await once(c, 'secureConnect'); c.write('word'); const t = await text(c); outside.close(); return [t, c.authorized];`),
  'the program says which certificate a name has': cut(`
    const asked = []; const s = await serve((c) => c.end('x'), { key: undefined, cert: undefined, SNICallback: (name, answer) => { asked.push(name); setTimeout(() => answer(null, tls.createSecureContext({ key, cert })), 2); } }); const c = connect({ port: s.address().port, host: '127.0.0.1', servername: 'localhost', ca: cert }); await once(c, 'secureConnect'); const t = await text(c); s.close(); return [asked.includes('localhost'), t, c.authorized];`),
  // A connection that the server had asked about is not made again: it would ask twice.
  'the program counts what it is asked': cut(
    `
    const asked = []; const s = await serve((c) => c.end('x'), { key: undefined, cert: undefined, SNICallback: (name, answer) => { asked.push(name); setTimeout(() => answer(null, tls.createSecureContext({ key, cert })), 5); } }); const c = connect({ port: s.address().port, host: '127.0.0.1', servername: 'localhost', ca: cert }); const t = await text(c); s.close(); return [asked, t];`,
    1,
  ),
  'a certificate that is added to a server that listens': cut(`
    const s = await serve((c) => c.end('x'), { key: undefined, cert: undefined }); s.on('tlsClientError', () => {}); s.addContext('localhost', { key, cert }); const c = connect({ port: s.address().port, host: '127.0.0.1', servername: 'localhost', ca: cert }); await once(c, 'secureConnect'); const t = await text(c); s.close(); return t;`),
  'the program checks who it talks to': cut(`
    const s = await serve((c) => c.end('x')); const asked = []; const to = (check, more) => connect({ port: s.address().port, host: '127.0.0.1', servername: 'localhost', ca: cert, checkServerIdentity: (name, c) => { asked.push([name, c.subject.CN]); return check; }, ...more });
    const good = to(undefined); await once(good, 'secureConnect'); const t = await text(good);
    const bad = to(new Error('not him')); const [e] = await once(bad, 'error');
    const known = to(Object.assign(new Error('not him'), { code: 'MINE' }), { rejectUnauthorized: false }); await once(known, 'secureConnect'); known.destroy();
    s.close(); return [asked, t, good.authorized, e.message, bad.authorized, known.authorized, known.authorizationError];`),
  'a request of https whose other side the program checks': cut(`
    const s = https.createServer({ key, cert }, (q, a) => a.end('x')).listen(0, '127.0.0.1'); await once(s, 'listening'); let n = 0; const a = await new Promise((r, no) => https.get({ port: s.address().port, host: 'localhost', family: 4, ca: cert, agent: false, checkServerIdentity: () => { n++; } }, r).on('error', no)); const t = await text(a); s.closeAllConnections(); s.close(); await once(s, 'close'); return [n, t];`),
  'encrypted by hand on both sides of a connection that stands': cut(`
    const s = net.createServer((c) => c.once('data', () => { c.write('go'); const e = new tls.TLSSocket(c, { isServer: true, key, cert }); e.once('data', (d) => e.end('secret ' + d)); })).listen(0, '127.0.0.1'); await once(s, 'listening');
    const raw = net.connect(s.address().port, '127.0.0.1'); raw.write('tls?'); await once(raw, 'data'); const c = new tls.TLSSocket(raw, { ca: cert }); c.write('word'); await once(c, 'secure'); const t = await text(c); s.close(); return [t, c.authorized, c instanceof tls.TLSSocket, typeof c.getProtocol()];`),
  'what cannot be recorded is refused': {
    isUncut: true,
    plainValue: ['PACKAGE_NEEDS_BOUNDARY', 'PACKAGE_NEEDS_BOUNDARY', 'PACKAGE_NEEDS_BOUNDARY'],
    body: `
    const codes = []; for (const f of [() => new tls.TLSSocket(new PassThrough(), {}), () => tls.createServer({ ALPNCallback: () => 'x' }), () => connect({ port: 1, pskCallback: () => null })]) try { f(); codes.push('none'); } catch (e) { codes.push(e.code); } return codes;`,
  },
};

table(imports, cases);
