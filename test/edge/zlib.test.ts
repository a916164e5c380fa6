// Compression runs again on replay, and what it gives comes in the recorded order.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { everyWay } from './support/ways.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  'gzip with a callback': `
    import { gzip, gunzipSync } from 'node:zlib';
    export default () => new Promise((resolve, reject) => gzip('hello', { level: 9 }, (error, data) => error ? reject(error) : resolve(gunzipSync(data).toString())));`,
  'every pair of functions, promisified': `
    import zlib from 'node:zlib';
    import { promisify } from 'node:util';
    export default async () => {
      const seen = [];
      for (const [there, back] of [['gzip', 'gunzip'], ['deflate', 'inflate'], ['deflateRaw', 'inflateRaw'], ['brotliCompress', 'brotliDecompress'], ['zstdCompress', 'zstdDecompress'], ['gzip', 'unzip']])
        seen.push(String(await promisify(zlib[back])(await promisify(zlib[there])('text '.repeat(100)))).length);
      return seen;
    };`,
  'streams in a pipeline, and what they count': `
    import { createGzip, createGunzip } from 'node:zlib';
    import { Readable } from 'node:stream';
    import { pipeline } from 'node:stream/promises';
    export default async () => {
      const zip = createGzip(); const unzip = createGunzip(); const parts = [];
      await pipeline(Readable.from(['a'.repeat(70000), 'b']), zip, unzip, async (source) => { for await (const part of source) parts.push(part); });
      return [Buffer.concat(parts).length, zip.bytesWritten, unzip.bytesWritten > 0, zip.destroyed];
    };`,
  'much out of little': `
    import { createGunzip, gzipSync } from 'node:zlib';
    import { setTimeout as delay } from 'node:timers/promises';
    export default async () => {
      const unzip = createGunzip(); unzip.end(gzipSync(Buffer.alloc(5_000_000)));
      let bytes = 0;
      for await (const part of unzip) { if (bytes === 0) await delay(5); bytes += part.length; }
      return bytes;
    };`,
  'flush, params and reset': `
    import { createDeflate, inflateSync } from 'node:zlib';
    import { once } from 'node:events';
    export default async () => {
      const stream = createDeflate(); const parts = [];
      stream.on('data', (part) => parts.push(part));
      stream.write('one '); await new Promise((resolve) => stream.flush(resolve));
      const first = parts.length;
      await new Promise((resolve, reject) => stream.params(0, 0, (error) => error ? reject(error) : resolve()));
      stream.end('two'); await once(stream, 'end');
      return [first > 0, inflateSync(Buffer.concat(parts)).toString()];
    };`,
  'a bad input is an error of the stream': `
    import { createGunzip, gunzip } from 'node:zlib';
    import { promisify } from 'node:util';
    import { once } from 'node:events';
    export default async () => {
      const stream = createGunzip(); const seen = [];
      stream.on('close', () => seen.push('close'));
      stream.end('no zip at all');
      await once(stream, 'end').catch((error) => seen.push(error.code, error.errno));
      await promisify(gunzip)('neither').catch((error) => seen.push(error.code));
      return seen;
    };`,
  'bytes behind the end, and a stream that is closed while it works': `
    import { createGunzip, createGzip, gzipSync } from 'node:zlib';
    import { text } from 'node:stream/consumers';
    export default async () => {
      const unzip = createGunzip(); unzip.end(Buffer.concat([gzipSync('a'), gzipSync('b'), Buffer.alloc(9)]));
      const all = await text(unzip);
      const zip = createGzip(); zip.write('x'.repeat(100000));
      await new Promise((resolve) => zip.close(resolve)).catch(() => undefined);
      return [all, zip.destroyed];
    };`,
  'CompressionStream and DecompressionStream': `
    import { text } from 'node:stream/consumers';
    export default async () => {
      const seen = [];
      for (const format of ['gzip', 'deflate', 'deflate-raw'])
        seen.push(await text(new Blob(['web ', 'streams']).stream().pipeThrough(new CompressionStream(format)).pipeThrough(new DecompressionStream(format))));
      return seen;
    };`,
  'an own class, with new': `
    import zlib from 'node:zlib';
    import { text } from 'node:stream/consumers';
    class Mine extends zlib.Gunzip { shout() { return 'mine'; } }
    export default async () => { const mine = new Mine(); mine.end(zlib.gzipSync('x')); return [await text(mine), mine instanceof zlib.Gunzip, mine.shout(), zlib.crc32('x')]; };`,
};

for (const [name, text] of Object.entries(PROGRAMS))
  test(name, async () => {
    const { events } = await everyWay(text);
    assert.deepEqual(
      events.filter(({ t }) => t === 'call' || t === 'sync').map((event) => 'fn' in event && event.fn),
      [],
    );
  });

test('a race against a slow call is won by the same in a replay', async () => {
  await everyWay(
    `
    import { gzip } from 'node:zlib';
    import { activity } from 'resprout/durable';
    const slow = activity(() => new Promise((resolve) => setTimeout(resolve, 20, 'call')), { name: 'slow' });
    export default () => Promise.race([slow(), new Promise((resolve) => gzip(Buffer.alloc(1000), () => resolve('zip')))]);`,
    { plain: false, varies: true },
  );
});
