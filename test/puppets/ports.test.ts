// Ports and channels between parts of one program: nothing of them is recorded, and their turns are the same in every run.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { everyWay } from '../edge/support/ways.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  'a MessageChannel in the way of the web': `
    export default () => new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel(); const seen = [];
      port2.onmessage = (event) => { seen.push(event.data, event.target === port2, event instanceof MessageEvent); if (seen.length === 6) { port2.close(); resolve(seen); } };
      port1.postMessage({ a: new Map([[1, new Date(0)]]) }); port1.postMessage('two');
    });`,
  'a MessageChannel in the way of Node, closed by one end': `
    import { MessageChannel, MessagePort, receiveMessageOnPort } from 'node:worker_threads';
    import { once } from 'node:events';
    export default async () => {
      const { port1, port2 } = new MessageChannel(); const seen = [port1 instanceof MessagePort];
      port1.postMessage('taken'); seen.push(receiveMessageOnPort(port2), receiveMessageOnPort(port2));
      port2.on('message', (value) => { seen.push(value); port2.postMessage('back'); });
      port2.on('close', () => seen.push('close 2'));
      port1.once('message', (value) => { seen.push(value); port1.close(); });
      port1.postMessage('there');
      await once(port2, 'close');
      port1.postMessage('nobody');
      return seen;
    };`,
  'what is transferred, and a port in a message': `
    export default async () => {
      const { port1, port2 } = new MessageChannel(); const inner = new MessageChannel(); const seen = [];
      const bytes = new Uint8Array([1, 2, 3]);
      const got = new Promise((resolve) => { port2.onmessage = resolve; });
      port1.postMessage({ deep: [{ port: inner.port2 }], bytes }, [inner.port2, bytes.buffer]);
      seen.push(bytes.length);
      const { data, ports } = await got;
      const answer = new Promise((resolve) => { data.deep[0].port.onmessage = (event) => resolve(event.data); });
      inner.port1.postMessage('through');
      seen.push(await answer, data.bytes[2], ports.length, ports[0] === data.deep[0].port);
      try { port1.postMessage(() => 1); } catch (error) { seen.push(error.name); }
      for (const port of [port1, port2, inner.port1, data.deep[0].port]) port.close();
      return seen;
    };`,
  'a BroadcastChannel': `
    export default () => new Promise((resolve) => {
      const [a, b, c] = [new BroadcastChannel('x'), new BroadcastChannel('x'), new BroadcastChannel('y')]; const seen = [a.name, a instanceof BroadcastChannel];
      a.onmessage = () => seen.push('itself'); c.onmessage = () => seen.push('another');
      b.onmessage = (event) => { seen.push(event.data); for (const one of [a, b, c]) one.close(); try { a.postMessage(1); } catch (error) { seen.push(error.name); } resolve(seen); };
      a.postMessage({ hi: 1 });
    });`,
  'reading of blobs and files': `
    import { text, buffer } from 'node:stream/consumers';
    export default async () => {
      const blob = new Blob(['one ', new Uint8Array([116, 119, 111])], { type: 'text/plain' }); const file = new File([blob, '!'], 'f.txt', { lastModified: 1 });
      return [await blob.text(), new Uint8Array(await blob.arrayBuffer()).length, (await file.bytes()).length, await text(file.stream()), (await buffer(blob.slice(1, 3).stream())).toString(), file.name, structuredClone(new Date(5)).getTime()];
    };`,
  'streams of Node as streams of the web and back': `
    import { Readable, Writable, Duplex } from 'node:stream';
    import { text } from 'node:stream/consumers';
    export default async () => {
      const parts = [];
      await Readable.toWeb(Readable.from(['a', 'b'])).pipeTo(Writable.toWeb(new Writable({ decodeStrings: false, write(chunk, _encoding, done) { parts.push(String(chunk)); done(); } })));
      return [parts, await text(Readable.fromWeb(new Blob(['web']).stream()))];
    };`,
};

for (const [name, program] of Object.entries(PROGRAMS))
  test(name, async () => {
    const { events } = await everyWay(program);
    assert.deepEqual(
      events.map(({ t }) => t).filter((t) => t !== 'hop'),
      ['start', 'end'],
    );
  });

test('a race of a message against a slow call has the same winner in a replay', async () => {
  const { came } = await everyWay(
    `
    import { activity } from 'resprout/durable';
    const slow = activity(() => new Promise((resolve) => setTimeout(resolve, 20, 'call')), { name: 'slow' });
    export default () => Promise.race([slow(), new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port2.onmessage = () => { port2.close(); resolve('message'); }; port1.postMessage(1); }), new Blob(['x']).text().then(() => 'blob')]);`,
    { plain: false },
  );
  assert.deepEqual(came, { value: 'blob' });
});
