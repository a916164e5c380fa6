// Datagram sockets of programs, each in all ways.
import { table, type Cases } from './support/table.ts';

const imports = `
import dgram, { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { promisify } from 'node:util';
const bound = async (options = 'udp4') => { const s = createSocket(options); s.bind(0, '127.0.0.1'); await once(s, 'listening'); return s; };
`;

const cases: Cases = {
  'one sends to the other': `
    const a = await bound(); const b = createSocket('udp4'); b.send('ping', a.address().port, '127.0.0.1'); const [m, r] = await once(a, 'message'); a.close(); b.close(); return [String(m), r.family, r.size, a instanceof dgram.Socket, b instanceof dgram.Socket];`,
  'it keeps its port over a crash': `
    const a = createSocket('udp4').bind(0, '127.0.0.1'); await once(a, 'listening'); const port = a.address().port; await new Promise((r) => setTimeout(r, 20)); const same = a.address().port === port; await new Promise((r) => a.close(r)); return [same, a.type];`,
  'a callback says what was sent': `
    const a = await bound(); const b = createSocket('udp4'); const n = await new Promise((r, no) => b.send(Buffer.from('hello world'), 6, 5, a.address().port, '127.0.0.1', (e, n) => e ? no(e) : r(n))); const m = await new Promise((r) => b.send(['a', Buffer.from('b')], a.address().port, '127.0.0.1', (e, n) => r(n))); a.close(); b.close(); return [n, m];`,
  'connected, and not any more': `
    const a = await bound(); const b = createSocket('udp4'); await new Promise((r) => b.connect(a.address().port, '127.0.0.1', r)); const r = b.remoteAddress().address; const n = await promisify(b.send).call(b, 'x'); b.disconnect(); let code; try { b.remoteAddress(); } catch (e) { code = e.code; } a.close(); b.close(); return [r, n, code];`,
  'what is refused': `
    const codes = []; const a = createSocket('udp4'); for (const f of [() => a.address(), () => createSocket('udp5'), () => a.send('x', 0), () => a.send(5, 80), () => a.setBroadcast(true)]) try { f(); codes.push('none'); } catch (e) { codes.push(e.code); } a.close(); try { a.close(); } catch (e) { codes.push(e.code); } return codes;`,
  'what is refused, in the words of Node': `
    const texts = []; const a = createSocket('udp4'); for (const f of [() => a.send('x', 'y'), () => a.send('x', 70000), () => a.send(), () => a.send({}, 80), () => a.send('x', 2, 1, 80), () => a.send('x', 0, 5, 80)]) try { f(); texts.push('none'); } catch (e) { texts.push([e.name, e.code, e.message].join(' ')); } a.close(); return texts;`,
  'a time to live that is none': `
    const texts = []; const a = createSocket('udp4'); const tell = (f) => { try { texts.push(f()); } catch (e) { texts.push([e.name, e.code, e.message, e.errno, e.syscall].join(' ')); } }; tell(() => a.setTTL('x')); a.bind(0, '127.0.0.1'); await once(a, 'listening'); for (const ttl of [0, 1, 255, 300, null]) { tell(() => a.setTTL(ttl)); tell(() => a.setMulticastTTL(ttl)); } a.close(); return texts;`,
  'options and groups': `
    const a = await bound({ type: 'udp4', reuseAddr: true }); a.setBroadcast(true); a.setMulticastTTL(3); a.setMulticastLoopback(true); const t = a.setTTL(64); const size = a.getRecvBufferSize() > 0; a.close(); return [t, size];`,
  'a port that is taken': `
    const a = await bound(); const b = createSocket('udp4'); b.bind(a.address().port, '127.0.0.1'); const [e] = await once(b, 'error'); a.close(); b.close(); return [e.code, e.syscall];`,
};

table(imports, cases);
