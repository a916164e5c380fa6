// Names: each question is a call, asked again when its answer was not recorded.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { everyWay } from './support/ways.ts';

/** A server that answers each question with the address 1.2.3.4; unknown names with an error. */
async function serve(): Promise<{ readonly port: number; [Symbol.dispose](): void }> {
  const server = createSocket('udp4');
  server.on('message', (message, from) => {
    const question = message.subarray(12);
    const end = question.indexOf(0) + 5;
    const isKnown = !message.includes('missing');
    const head = Buffer.from(message.subarray(0, 12));
    head.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(isKnown ? 1 : 0, 6);
    head.writeUInt32BE(0, 8);
    const answer = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4]);
    server.send(Buffer.concat([head, question.subarray(0, end), ...(isKnown ? [answer] : [])]), from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, [Symbol.dispose]: () => server.close() };
}

test('resolvers in every form', async () => {
  using server = await serve();
  const { came, events } = await everyWay(`
    import dns, { Resolver } from 'node:dns';
    import { promisify } from 'node:util';
    export default async () => {
      const seen = []; const old = new Resolver(); const now = new dns.promises.Resolver();
      old.setServers(['127.0.0.1:${String(server.port)}']); now.setServers(['127.0.0.1:${String(server.port)}']);
      seen.push(await new Promise((resolve) => old.resolve4('known.test', (error, addresses) => resolve([error, addresses]))));
      seen.push(await now.resolve4('known.test', { ttl: true }), await now.resolve('known.test', 'A'));
      seen.push(await promisify(old.resolve4.bind(old))('known.test'));
      await now.resolve4('missing.test').catch((error) => seen.push(error.code, error.syscall, error.hostname));
      return seen;
    };`);
  assert.equal('value' in came && Array.isArray(came.value) && came.value.length, 7);
  assert.equal(events.filter((event) => event.t === 'call').length, 5);
});

test('lookup with its signatures, and what is no question', async () => {
  const { events } = await everyWay(`
    import dns from 'node:dns';
    import { promisify } from 'node:util';
    export default async () => {
      const seen = [];
      await new Promise((resolve) => dns.lookup('localhost', { family: 4 }, (error, address, family) => resolve(seen.push(error, address, family))));
      await new Promise((resolve) => dns.lookup('localhost', { all: true, family: 4 }, (error, all) => resolve(seen.push(all))));
      seen.push(await promisify(dns.lookup)('localhost', 4), await dns.promises.lookup('localhost', { family: 4 }));
      await new Promise((resolve) => dns.lookup('10.0.0.1', (error, address, family) => resolve(seen.push(address, family))));
      try { dns.lookup(5, () => undefined); } catch (error) { seen.push(error.code); }
      return [...seen, Array.isArray(dns.getServers())];
    };`);
  assert.equal(events.filter((event) => event.t === 'call').length, 4);
});
