// Descriptors and FileHandles: numbers of the session, opened again after a crash where they are used.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killAfter, program, run } from '../replay/support/program.ts';
import { testAll } from './support/check.ts';

testAll([
  {
    name: 'buffers that a call fills are filled after a kill: readSync, read, readvSync, readv, FileHandle.read and readv',
    files: { f: 'hello, world of bytes' },
    body: `
      const f = path.join(d, 'f');
      const fd = fs.openSync(f, 'r');
      const one = Buffer.alloc(5); const n = fs.readSync(fd, one);
      const two = new Uint16Array(4); fs.readSync(fd, two, 2, 4, 7);
      const three = [Buffer.alloc(2), new Uint8Array(3)]; fs.readvSync(fd, three);
      const four = Buffer.alloc(6); const cb = await new Promise((resolve) => fs.read(fd, four, 1, 4, null, (error, count, buffer) => resolve([error, count, buffer === four])));
      const five = await promisify(fs.read)(fd, { buffer: Buffer.alloc(3), position: 0 });
      const six = await promisify(fs.readv)(fd, [Buffer.alloc(2), Buffer.alloc(2)], 1);
      const seven = await new Promise((resolve) => fs.read(fd, (error, count, buffer) => resolve([count, buffer.length])));
      fs.closeSync(fd);
      await using handle = await fsp.open(f);
      const eight = Buffer.alloc(4); const read = await handle.read(eight, 0, 4, 3);
      const nine = await handle.read({ buffer: Buffer.alloc(2) });
      const ten = await handle.readv([Buffer.alloc(1), Buffer.alloc(2)]);
      await pause();
      return [n, String(one), String(Buffer.from(two.buffer)), three.map((b) => String(Buffer.from(b))), cb, String(four), five.bytesRead, String(five.buffer), six.bytesRead, six.buffers.map(String), seven, read.bytesRead, read.buffer === eight, String(eight), String(nine.buffer), ten.buffers.map(String)];`,
  },
  {
    name: 'a file that is written in pieces with pauses is whole after any kill: w, w+, wx, r+ and a',
    files: { there: '0123456789', log: 'old;' },
    body: `
      const at = (name) => path.join(d, name);
      const w = fs.openSync(at('w'), 'w'); const wx = await promisify(fs.open)(at('wx'), 'wx'); const plus = fs.openSync(at('there'), 'r+'); const a = fs.openSync(at('log'), 'a'); const both = fs.openSync(at('both'), 'w+');
      for (const text of ['one;', 'two;', 'three;']) {
        fs.writeSync(w, text); await promisify(fs.write)(wx, Buffer.from(text)); fs.writeSync(plus, text.slice(0, 2), 3, 'utf8'); fs.writeSync(a, text);
        await new Promise((resolve) => fs.writev(both, [Buffer.from(text), Buffer.from('-')], (error, n, list) => resolve([n, list.length])));
        await pause(1);
      }
      const back = Buffer.alloc(4); fs.readSync(both, back, 0, 4, 5);
      fs.ftruncateSync(w, 6); fs.fsyncSync(w); fs.fdatasyncSync(w); fs.futimesSync(w, 3, 4); fs.fchmodSync(w, 0o600);
      const stat = fs.fstatSync(w); const big = await promisify(fs.fstat)(a, { bigint: true });
      for (const fd of [w, wx, plus, a]) fs.closeSync(fd);
      await promisify(fs.close)(both);
      return [w > 2, stat.size, stat.mtimeMs, stat.isFile(), String(big.size), big.isFile(), String(back), fs.readFileSync(at('wx'), 'utf8'), fs.readFileSync(at('log'), 'utf8')];`,
  },
  {
    name: 'descriptors are numbered the same, the lowest free one first; a closed one is EBADF, twice too',
    files: { f: 'text' },
    body: `
      const f = path.join(d, 'f');
      const a = fs.openSync(f); const b = fs.openSync(f); fs.closeSync(a); const c = fs.openSync(f);
      await pause(1);
      const seen = [a === c, b === a];
      fs.closeSync(c);
      seen.push(await caught(() => fs.closeSync(c)), await caught(() => fs.readSync(c, Buffer.alloc(1))), await caught(() => fs.fstatSync(c)), await caught(() => promisify(fs.write)(c, 'x')));
      fs.closeSync(b);
      return seen;`,
  },
  {
    name: 'whole files by descriptor go on from where it stands',
    files: { f: 'one two three' },
    body: `
      const f = path.join(d, 'f');
      const fd = fs.openSync(f, 'r+');
      fs.readSync(fd, Buffer.alloc(4));
      await pause(1);
      const rest = fs.readFileSync(fd, 'utf8');
      fs.appendFileSync(fd, '!'); fs.writeFileSync(fd, '?');
      await promisify(fs.writeFile)(fd, '.');
      const empty = await promisify(fs.readFile)(fd, 'utf8');
      fs.closeSync(fd);
      return [rest, empty, fs.readFileSync(f, 'utf8')];`,
  },
  {
    name: 'FileHandle: every method, await using, close and its event',
    files: { f: 'line 1\\nline 2\\nline 3\\n' },
    body: `
      const at = (name) => path.join(d, name);
      const seen = [];
      {
        await using file = await fsp.open(at('g'), 'w+');
        file.on('close', () => seen.push('close'));
        seen.push((await file.write('hello')).bytesWritten, (await file.write(Buffer.from('abcdef'), 1, 3)).buffer.length, (await file.writev([Buffer.from('x'), Buffer.from('y')])).bytesWritten);
        await file.write('H', 0); await pause(1);
        await file.writeFile('more'); await file.appendFile('!'); await file.appendFile(Readable.from(['a', 'b']));
        await file.truncate(12); await file.sync(); await file.datasync(); await file.chmod(0o640); await file.utimes(10, 11);
        const stat = await file.stat(); seen.push(stat.size, stat.isFile(), stat.mtimeMs, stat instanceof fs.Stats, file.fd > 2, file.constructor.name);
        seen.push((await file.stat({ bigint: true })).size === 12n, String((await file.read(Buffer.alloc(5), 0, 5, 0)).buffer));
      }
      const again = await fsp.open(at('g')); seen.push(await again.readFile('utf8'), await fsp.readFile(again, 'utf8')); await again.close(); await again.close();
      seen.push(again.fd, await caught(() => again.readFile()).then((e) => e[1]), await caught(() => again.write('x')).then((e) => e[1]));
      const lines = await fsp.open(at('f')); for await (const line of lines.readLines()) { seen.push(line); await pause(1); }
      const web = await fsp.open(at('f')); const chunks = []; for await (const chunk of web.readableWebStream()) chunks.push(Buffer.from(chunk)); seen.push(String(Buffer.concat(chunks)).length); await web.close();
      const streamed = await fsp.open(at('f')); seen.push(await text(streamed.createReadStream({ start: 2, end: 6 })));
      const out = await fsp.open(at('o'), 'w'); const stream = out.createWriteStream(); stream.write('a'); await pause(1); stream.end('b'); await once(stream, 'close'); seen.push(fs.readFileSync(at('o'), 'utf8'));
      return seen;`,
  },
  {
    name: 'a handle as the file of other functions',
    files: { f: 'text' },
    body: `
      const handle = await fsp.open(path.join(d, 'f'), 'r+');
      await fsp.appendFile(handle, 'A'); await pause(1);
      await fsp.writeFile(handle, 'B');
      const size = fs.fstatSync(handle.fd).size;
      const read = fs.createReadStream(null, { fd: handle, start: 0 });
      const all = await text(read);
      return [size, all];`,
  },
]);

const start = async (body: string): ReturnType<typeof program> =>
  await program(`
    import fs from 'node:fs';
    const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
    export default async function main({ data: { folder } }) { const file = folder + '/f'; ${body} }`);

test('a file that is gone or shorter when it is needed again is LIVE_OBJECT_LOST, with its path and what was seen', async () => {
  using built = await start(
    `const fd = fs.openSync(file, 'r'); const b = Buffer.alloc(4); fs.readSync(fd, b); await pause(); fs.readSync(fd, b); return String(b);`,
  );
  const folder = path.join(built.folder, 'work');
  mkdirSync(folder);
  const file = path.join(folder, 'f');
  for (const change of [() => rmSync(file), () => writeFileSync(file, 'abc')]) {
    writeFileSync(file, 'abcdefgh');
    const history = await killAfter(built, 5, { data: { folder }, id: 'ses_gone' });
    change();
    const { outcome } = await run(built, { data: { folder }, id: 'ses_gone', history });
    assert.equal(outcome.how, 'failed');
    const { code, message } = (outcome.how === 'failed' ? outcome.error : undefined) as { readonly code: string; readonly message: string };
    assert.equal(code, 'LIVE_OBJECT_LOST');
    assert.match(message, /work\/f/);
    assert.match(message, existsSync(file) ? /3 bytes/ : /ENOENT/);
  }
});

test('an append that happened before the crash is not made twice, where nobody else writes', async () => {
  using built = await start(
    `const fd = fs.openSync(file, 'a'); fs.writeSync(fd, 'one;'); await pause(); fs.writeSync(fd, 'two;'); fs.closeSync(fd); return fs.readFileSync(file, 'utf8');`,
  );
  const folder = path.join(built.folder, 'work');
  mkdirSync(folder);
  const file = path.join(folder, 'f');
  writeFileSync(file, 'old;');
  const options = { data: { folder }, id: 'ses_append' };
  const whole = await run(built, options);
  assert.equal(readFileSync(file, 'utf8'), 'old;one;two;');
  // The second append happened, and its record did not come to the disk.
  const at = whole.events.findLastIndex((event) => event.t === 'sync' && event.fn === 'node:fs.writeSync');
  const resumed = await run(built, { ...options, history: whole.events.slice(0, at) });
  assert.equal(resumed.outcome.how === 'done' && resumed.outcome.value, 'old;one;two;');
});

test('a child is given an open file as its output', async () => {
  using built = await program(`
    import fs from 'node:fs';
    import { once } from 'node:events';
    import { spawn } from 'node:child_process';
    export default async function main({ data: { folder } }) {
      const fd = fs.openSync(folder + '/out', 'w');
      const child = spawn('printf', ['hello'], { stdio: ['ignore', fd, 'inherit'] });
      const [code] = await once(child, 'close');
      fs.closeSync(fd);
      return [code, fs.readFileSync(folder + '/out', 'utf8')];
    }`);
  const { outcome, events } = await run(built, { data: { folder: built.folder }, id: 'ses_given' });
  assert.deepEqual(outcome.how === 'done' && outcome.value, [0, 'hello']);
  const again = await run(built, { data: { folder: built.folder }, id: 'ses_given', history: events });
  assert.deepEqual(again.outcome.how === 'done' && again.outcome.value, [0, 'hello']);
  assert.deepEqual(again.appended, []);
});

test('what a program writes to descriptors 1 and 2 is no event', async () => {
  using built = await start(
    `fs.writeSync(2, ''); fs.writeFileSync(2, ''); await new Promise((resolve) => fs.write(1, Buffer.alloc(0), resolve)); return fs.fstatSync(1).isFile() !== undefined;`,
  );
  const whole = await run(built, { data: { folder: built.folder }, id: 'ses_printed' });
  assert.equal(whole.outcome.how, 'done');
  assert.ok(!whole.events.some((event) => event.t === 'sync' && event.fn === 'node:fs.writeSync'));
});
