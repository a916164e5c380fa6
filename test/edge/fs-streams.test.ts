// Streams of files are Node's own, over the patched functions: they go on at their position after a kill.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { check, testAll } from './support/check.ts';

const long = Array.from({ length: 37 }, (_, i) => `line ${String(i)}\n`).join('');
const big = 'x'.repeat(250_000);

testAll([
  {
    name: 'read streams: text of 250 kB, events in order, start and end, encoding, readable, for await, lines',
    files: { big, long },
    body: `
      const at = (name) => path.join(d, name);
      const whole = await text(fs.createReadStream(at('big')));
      const order = []; const stream = fs.createReadStream(at('long'), { start: 5, end: 20, encoding: 'utf8' });
      order.push(stream.pending, stream instanceof fs.ReadStream, stream.path === at('long'));
      for (const name of ['open', 'ready', 'data', 'end', 'close']) stream.on(name, (one) => order.push([name, name === 'open' ? typeof one : one]));
      await once(stream, 'close'); order.push(stream.bytesRead, stream.pending, stream.fd);
      const small = fs.createReadStream(at('long'), { highWaterMark: 100 }); let pieces = 0; for await (const piece of small) { pieces += piece.length; await pause(1); }
      const readable = fs.createReadStream(at('long')); const two = await new Promise((resolve) => readable.once('readable', () => resolve(String(readable.read(2))))); readable.destroy(); await once(readable, 'close');
      let lines = 0; for await (const line of createInterface({ input: fs.createReadStream(at('long')) })) lines += line.length;
      return [whole.length, order, pieces, two, lines];`,
    every: 2,
  },
  {
    name: 'read streams that fail: by event and in for await',
    body: `
      const missing = path.join(d, 'no');
      const order = []; const stream = fs.createReadStream(missing); stream.on('open', () => order.push('open')); stream.on('error', (error) => order.push([error.code, error.syscall, error.path === missing])); await new Promise((resolve) => stream.on('close', resolve));
      return [order, await caught(async () => { for await (const piece of fs.createReadStream(missing)) order.push(piece); })];`,
  },
  {
    name: 'write streams: writes with pauses, finish, close, bytesWritten, drain, end with a callback, append',
    files: { log: 'old;' },
    body: `
      const at = (name) => path.join(d, name);
      const order = []; const out = fs.createWriteStream(at('out'));
      for (const name of ['open', 'ready', 'finish', 'close']) out.on(name, () => order.push(name));
      for (let i = 0; i < 5; i++) { out.write('part ' + i + ';'); await pause(1); }
      await new Promise((resolve) => out.end('last', resolve)); order.push(out.bytesWritten, out.pending); if (!out.closed) await once(out, 'close');
      const slow = fs.createWriteStream(at('slow'), { highWaterMark: 10 }); let drains = 0;
      for (let i = 0; i < 3; i++) if (!slow.write('0123456789abc')) { await once(slow, 'drain'); drains++; }
      slow.end(); await once(slow, 'close');
      const log = fs.createWriteStream(at('log'), { flags: 'a' }); for (const one of ['new;', 'newer;']) { log.write(one); await pause(1); } log.end(); await once(log, 'close');
      const failing = fs.createWriteStream(path.join(d, 'no', 'x')); const [error] = await once(failing, 'error');
      return [order, drains, error.code, fs.readFileSync(at('log'), 'utf8')];`,
  },
  {
    name: 'pipelines: copy, own Transform, generator, hash, pipe, toWeb, a stream joined after a pause',
    files: { long },
    body: `
      const at = (name) => path.join(d, name);
      await pipeline(fs.createReadStream(at('long'), { highWaterMark: 128 }), fs.createWriteStream(at('copy')));
      await pipeline(fs.createReadStream(at('long')), new Transform({ transform(chunk, _, done) { done(null, String(chunk).toUpperCase()); } }), fs.createWriteStream(at('upper')));
      await pipeline(fs.createReadStream(at('long')), async function* (source) { for await (const chunk of source) { await pause(1); yield String(chunk).slice(0, 4); } }, fs.createWriteStream(at('short')));
      const hash = createHash('sha256'); await pipeline(fs.createReadStream(at('long')), hash); await pause(1);
      const piped = fs.createReadStream(at('short')).pipe(fs.createWriteStream(at('piped'))); await once(piped, 'close');
      const kept = fs.createReadStream(at('short')); await pause(2); const late = await text(kept);
      const got = []; const mine = new Writable({ write(chunk, _, done) { got.push(String(chunk)); done(); } }); mine.on('finish', () => got.push('finish')); mine.write('a'); mine.end('b'); await pause(1);
      let web = 0; for await (const chunk of Readable.toWeb(fs.createReadStream(at('long')))) web += chunk.length;
      return [hash.digest('hex'), late, got, web];`,
    every: 2,
  },
  {
    name: 'a file that is piped into a file goes from one to the other outside: counters, events, start and end, something before and after',
    files: { big },
    body: `
      const at = (name) => path.join(d, name);
      const order = []; const from = fs.createReadStream(at('big')); const to = fs.createWriteStream(at('whole'));
      for (const name of ['open', 'end', 'close']) from.on(name, () => order.push('from ' + name)); for (const name of ['open', 'finish', 'close']) to.on(name, () => order.push('to ' + name));
      await pipeline(from, to);
      const part = fs.createReadStream(at('big'), { start: 10, end: 150_009 }); const out = fs.createWriteStream(at('part'));
      out.write('before;'); part.pipe(out, { end: false }); await once(part, 'end'); out.end(';after'); await once(out, 'close');
      const into = fs.createWriteStream(at('whole'), { flags: 'r+', start: 100 }); await pipeline(fs.createReadStream(at('part')), into);
      const seen = fs.createReadStream(at('big')); let bytes = 0; seen.on('data', (chunk) => { bytes += chunk.length; }); await pipeline(seen, fs.createWriteStream(at('seen')));
      const failing = await caught(() => pipeline(fs.createReadStream(at('big')), fs.createWriteStream(path.join(d, 'no', 'x'))));
      return [order.sort(), from.bytesRead, to.bytesWritten, out.bytesWritten, bytes, failing, fs.statSync(at('part')).size];`,
    every: 3,
  },
  {
    name: 'a piped reader that had read ahead gives what it holds before the rest goes from file to file',
    files: { big: Array.from({ length: 25_000 }, (_, i) => `line ${String(i)}\n`).join('') },
    body: `
      const at = (name) => path.join(d, name);
      const opened = async (stream) => { await once(stream, 'open'); return stream; };
      const from = fs.createReadStream(at('big')); const to = await opened(fs.createWriteStream(at('whole'), { start: 3 }));
      while (from.readableLength === 0) { from.read(0); await pause(1); }
      await pipeline(from, to);
      const again = fs.createReadStream(at('big')); const late = await opened(fs.createWriteStream(at('late')));
      while (again.readableLength === 0) { again.read(0); await pause(1); }
      again.pipe(late, { end: false }); await once(again, 'end'); late.end('after'); await once(late, 'close');
      return [from.bytesRead, to.bytesWritten, again.bytesRead, late.bytesWritten];`,
    every: 3,
  },
  {
    name: 'a read stream of a descriptor, and one that is destroyed on its way',
    files: { long },
    body: `
      const at = (name) => path.join(d, name);
      const fd = fs.openSync(at('long')); const stream = fs.createReadStream(null, { fd, autoClose: false, start: 3, end: 8 }); const part = await text(stream);
      const back = Buffer.alloc(4); fs.readSync(fd, back); fs.closeSync(fd);
      const cut = fs.createReadStream(at('long'), { highWaterMark: 10 }); let seen = 0; for await (const piece of cut) { if (++seen === 3) break; }
      return [part, String(back), seen, cut.destroyed, cut.bytesRead >= 30];`,
  },
]);

test('a large file is copied in a few events', async () => {
  const events = await check({
    name: 'a large copy',
    files: { large: big.repeat(20) },
    body: `await pipeline(fs.createReadStream(path.join(d, 'large')), fs.createWriteStream(path.join(d, 'copy'))); return fs.statSync(path.join(d, 'copy')).size;`,
  });
  assert.ok(events.length < 40, `${String(events.length)} events`);
});
