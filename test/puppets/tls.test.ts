// Encrypted connections and servers of programs, each in all ways.
import { readFileSync } from 'node:fs';
import { table, type Cases } from './support/table.ts';

const pem = (name: string): string => JSON.stringify(readFileSync(new URL(`./fixtures/${name}.pem`, import.meta.url), 'utf8'));

const imports = `
import tls, { connect } from 'node:tls';
import net from 'node:net';
import https from 'node:https';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
const key = ${pem('key')}; const cert = ${pem('cert')};
const serve = async (take, options = {}) => { const s = tls.createServer({ key, cert, ...options }, take).listen(0, '127.0.0.1'); await once(s, 'listening'); return s; };
`;

const mayFail = ['ECONNREFUSED'];
const cut = (body: string, step = 2) => ({ mayFail, step, body });

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
  'what cannot be recorded is refused': {
    isUncut: true,
    plainValue: ['PACKAGE_NEEDS_BOUNDARY'],
    body: `
    const codes = []; for (const f of [() => new tls.TLSSocket(new net.Socket(), {})]) try { f(); codes.push('none'); } catch (e) { codes.push(e.code); } return codes;`,
  },
};

table(imports, cases);
