// Each row of the table of results, with real objects: recorded, replayed (nothing is executed again), and resumed after every event.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import { buildProgram, killAfter, program, run, type Program, type Run, type RunOptions } from './support/program.ts';

const names = (events: readonly JournalEvent[]): readonly string[] =>
  events.flatMap((event) => ('fn' in event ? [`${event.t} ${event.fn}`] : []));

const valueOf = (one: Run): unknown => {
  if (one.outcome.how !== 'done')
    throw new Error(`the program ${one.outcome.how}: ${String(one.outcome.error)}`, { cause: one.outcome.error });
  return one.outcome.value;
};

interface Checked {
  readonly value: unknown;
  readonly events: readonly JournalEvent[];
  /** Errors of resumed runs by code, for programs whose objects are lost with their process. */
  readonly lost: Readonly<Record<string, number>>;
}

/** Records, replays, then kills after every event and resumes. `fresh` puts the outside back to how it was at the start. */
async function check(built: Program, options: RunOptions = {}, fresh: () => void = () => undefined): Promise<Checked> {
  fresh();
  const recorded = await run(built, options);
  const value = valueOf(recorded);
  const [first] = recorded.events;
  const id = first?.t === 'start' ? first.session : '';
  const replayed = await run(built, { ...options, id, history: recorded.events });
  assert.deepEqual(valueOf(replayed), value);
  assert.deepEqual(replayed.appended, []);
  assert.deepEqual(replayed.warnings, []);
  const lost: Record<string, number> = {};
  for (let cut = 2; cut <= recorded.events.length; cut++) {
    fresh();
    const history = await killAfter(built, cut, { ...options, id });
    const resumed = await run(built, { ...options, id, history });
    const where = `killed after event ${String(cut)}, ${JSON.stringify(history.at(-1))}`;
    if (resumed.outcome.how === 'done') assert.deepEqual(resumed.outcome.value, value, where);
    else {
      const { error } = resumed.outcome;
      const { code } = error as { code: string };
      lost[code] = (lost[code] ?? 0) + 1;
    }
    const again = await run(built, { ...options, id, history: resumed.events });
    assert.equal(again.outcome.how, resumed.outcome.how, where);
    assert.deepEqual(again.appended, [], where);
  }
  return { value, events: recorded.events, lost };
}

test('a program with fs in all forms is executed once', async () => {
  using built = await program(`
    import fs, { existsSync } from 'node:fs';
    import { appendFile, readFile } from 'node:fs/promises';
    export default async function main({ data: { folder } }) {
      fs.mkdirSync(folder, { recursive: true });
      const file = folder + '/out.txt';
      fs.writeFileSync(file, 'a');
      await appendFile(file, 'b');
      const text = await readFile(file, 'utf8');
      const called = await new Promise((resolve) => fs.readFile(file, 'utf8', (error, data) => resolve([error, data])));
      const stat = fs.statSync(file);
      let missing;
      try { fs.readFileSync(file + '.none'); } catch (error) { missing = [error.code, error instanceof Error, error.message.includes('.none')]; }
      const rejected = await fs.promises.readFile(file + '.none').catch((error) => error.code);
      const buffer = fs.readFileSync(file);
      return { text, called, missing, rejected, size: stat.size, isFile: stat.isFile(), later: (await fs.promises.stat(file)).isDirectory(), date: stat.mtime instanceof Date, entries: fs.readdirSync(folder, { withFileTypes: true }).map((one) => [one.name, one.isFile(), one instanceof fs.Dirent]), buffer: buffer.toString(), exists: existsSync(file), isBuffer: Buffer.isBuffer(buffer) };
    }`);
  const folder = path.join(built.folder, 'out');
  const { value, events, lost } = await check(built, { data: { folder } }, () => rmSync(folder, { recursive: true, force: true }));
  assert.deepEqual(value, {
    later: false,
    date: true,
    entries: [['out.txt', true, true]],
    text: 'ab',
    called: [null, 'ab'],
    missing: ['ENOENT', true, true],
    rejected: 'ENOENT',
    size: 2,
    isFile: true,
    buffer: 'ab',
    exists: true,
    isBuffer: true,
  });
  assert.deepEqual(lost, {});
  assert.ok(names(events).includes('sync node:fs.writeFileSync'));
  assert.ok(names(events).includes('call node:fs/promises.appendFile'));
  assert.ok(names(events).includes('call node:fs.readFile'));
  assert.equal(events.filter((event) => event.t === 'cb').length, 0);
});

test('a program with node:sqlite reads 2,500 rows in three events and ends right after any kill', async () => {
  using built = await program(`
    import { DatabaseSync } from 'node:sqlite';
    export default function main({ data: { file } }) {
      const db = new DatabaseSync(file);
      db.exec('create table if not exists t (n integer primary key)');
      const insert = db.prepare('with recursive c(n) as (select 1 union all select n + 1 from c where n < 2500) insert or ignore into t select n from c');
      insert.run();
      let sum = 0, rows = 0;
      for (const row of db.prepare('select n from t order by n').iterate()) { sum += row.n; rows++; }
      const [first] = db.prepare('select n from t order by n').iterate();
      const all = db.prepare('select n from t where n < ?').all(3);
      db.close();
      return { sum, rows, first: first.n, all: all.map((row) => row.n) };
    }`);
  const file = path.join(built.folder, 'rows.db');
  const { value, events, lost } = await check(built, { data: { file } }, () => rmSync(file, { force: true }));
  assert.deepEqual(value, { sum: 3_126_250, rows: 2500, first: 1, all: [1, 2] });
  assert.deepEqual(lost, {});
  // Three for the whole of it, one for its first row.
  assert.equal(names(events).filter((name) => name.endsWith('.iterate')).length, 4);
});

test('a program with child processes runs each once', async () => {
  using built = await program(`
    import { execFile, execFileSync, exec, spawn } from 'node:child_process';
    import { promisify } from 'node:util';
    export default async function main({ data: { file } }) {
      const one = execFileSync('sh', ['-c', 'echo one >> ' + file + '; echo one']).toString().trim();
      const two = await new Promise((resolve, reject) => execFile('sh', ['-c', 'echo two >> ' + file + '; echo two'], (error, out) => error ? reject(error) : resolve(out.trim())));
      const three = await promisify(execFile)('printf', ['three']);
      const failed = await promisify(exec)('exit 3').catch((error) => error.code);
      const output = await new Promise((resolve) => {
        const child = spawn('sh', ['-c', 'echo four >> ' + file + '; printf four']);
        let text = '';
        child.stdout.on('data', (data) => { text += data; });
        child.on('close', (code) => resolve([text, code]));
      });
      return { one, two, three: three.stdout ?? three, failed, output };
    }`);
  const file = path.join(built.folder, 'ran.txt');
  const { value, events, lost } = await check(built, { data: { file } }, () => rmSync(file, { force: true }));
  assert.deepEqual(value, { one: 'one', two: 'two', three: 'three', failed: 3, output: ['four', 0] });
  // Killed after something of a child was heard and before its end: nobody can know how it ended. How many events that is, its pipes say.
  assert.deepEqual(Object.keys(lost), ['LIVE_OBJECT_LOST']);
  assert.deepEqual(
    names(events).filter((name) => name.startsWith('open')),
    ['open node:child_process.spawn'],
  );
  rmSync(file, { force: true });
  const [first] = events;
  await run(built, { id: first?.t === 'start' ? first.session : '', data: { file }, history: events });
  assert.equal(existsSync(file), false, 'a replay ran a process');
});

async function withServer<T>(use: (url: string, asked: Map<string, number>) => Promise<T>): Promise<T> {
  const asked = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.set(url, (asked.get(url) ?? 0) + 1);
    const wait = /slow\/(\d+)/.exec(url);
    setTimeout(
      () => {
        if (url === '/missing') response.statusCode = 404;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ url, method: request.method }));
      },
      Number(wait?.[1] ?? 0),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a program with fetch, race, all and timers asks once and repeats its race', async () => {
  using built = await program(`
    export default async function main({ data: { url } }) {
      const get = async (path) => { const answer = await fetch(url + path); return [answer.status, answer.ok, answer.url.endsWith(path), await answer.json()]; };
      const race = await Promise.race([get('/slow/900'), get('/slow/5'), new Promise((r) => setTimeout(() => r('late'), 3000))]);
      const all = await Promise.all([get('/a'), get('/b'), get('/missing')]);
      const posted = await (await fetch(url + '/post', { method: 'POST', body: 'x', headers: { 'x-a': '1' } })).json();
      const refused = await fetch('http://127.0.0.1:1999/').catch((error) => [error instanceof TypeError, error.message, error.cause?.code]);
      const timed = await Promise.race([get('/slow/1000').then(() => 'answer'), new Promise((r) => setTimeout(() => r('timer'), 10))]);
      const aborted = await fetch(url + '/slow/1000', { signal: AbortSignal.timeout(10) }).catch((error) => error.name);
      return { race: race[3].url, all: all.map((one) => one[0]), posted, refused, timed, aborted };
    }`);
  await withServer(async (url, asked) => {
    const { value, lost } = await check(built, { data: { url } });
    assert.deepEqual(value, {
      race: '/slow/5',
      all: [200, 200, 404],
      posted: { url: '/post', method: 'POST' },
      refused: [true, 'fetch failed', 'ECONNREFUSED'],
      timed: 'timer',
      aborted: 'TimeoutError',
    });
    assert.deepEqual(lost, {});
    asked.clear();
    const recorded = await run(built, { id: 'ses_fetch', data: { url } });
    asked.clear();
    await run(built, { id: 'ses_fetch', data: { url }, history: recorded.events });
    assert.deepEqual([...asked], [], 'a replay asked the server');
  });
});

const KIT = `
import { appendFileSync } from 'node:fs';
export const calls = (globalThis.kitCalls ??= []);
export class Result { constructor(rows) { this.rows = rows; this.rowCount = rows.length; this.client = new Client(); } first() { return this.rows[0]; } }
import { EventEmitter } from 'node:events';
export class Client extends EventEmitter {
  async connect() { calls.push('connect'); this.open = true; }
  async query(sql) { calls.push('query ' + sql); if (!this.open) throw new Error('not connected'); return new Result([{ sql }]); }
  setToken(token) { this.token = token; }
  async close() { calls.push('close'); this.open = false; }
}
export async function open(name) { calls.push('open ' + name); const client = new Client(); client.open = true; return client; }
export class Builder {
  constructor(parts = []) { this.parts = parts; }
  where(part) { return new Builder([...this.parts, part]); }
  then(resolve, reject) { calls.push('run ' + this.parts.join()); return Promise.resolve(this.parts.join('+')).then(resolve, reject); }
}
export const table = (name) => new Builder([name]);
export async function* pages(n) { for (let i = 0; i < n; i++) { calls.push('page ' + i); yield { page: i }; } }
export function* lines(n) { for (let i = 0; i < n; i++) yield 'line ' + i; }
export class KitError extends Error { constructor(message, extra) { super(message); this.name = 'KitError'; this.extra = extra; } }
export async function fail() { throw new KitError('no', { a: 1 }); }
export function nothing() { calls.push('nothing'); }
export async function date() { return { at: new Date(0), map: new Map([[1, new Set([2])]]), big: 5n, undef: undefined, bytes: new Uint8Array([1, 2]), fn: () => 1 }; }
`;

async function withKit(text: string): Promise<Program> {
  return await buildProgram({
    'main.ts': text,
    'node_modules/kit/package.json': '{ "name": "kit", "type": "module", "exports": "./index.js" }',
    'node_modules/kit/index.js': KIT,
  });
}

const kitCalls: string[] = [];
Object.defineProperty(globalThis, 'kitCalls', { value: kitCalls });

test('an async call that returns an instance with data gives its fields, and a ghost where it cannot', async () => {
  using built = await withKit(`
    import { open } from 'kit';
    export default async function main() {
      const client = await open('a');
      const result = await client.query('select 1');
      let ghost;
      try { result.client.query('x'); } catch (error) { ghost = error.code ?? error.message; }
      return { rows: result.rows, count: result.rowCount, ghost };
    }`);
  const { value, lost } = await check(built);
  assert.deepEqual(value, { rows: [{ sql: 'select 1' }], count: 1, ghost: 'JOURNAL_VALUE_UNRECORDABLE' });
  // Nothing had been done with the connection when it was lost, so another one takes its place.
  assert.deepEqual(lost, {});
});

test('a method that a recorded value lost says so with a code, not that it is no function', async () => {
  using built = await withKit(`
    import { open } from 'kit';
    export default async function main() {
      const result = await (await open('a')).query('select 1');
      try { return result.first(); } catch (error) { return [error.code, error.message]; }
    }`);
  const { value } = await check(built);
  assert.deepEqual(value, [
    'JOURNAL_VALUE_UNRECORDABLE',
    'result.first is gone: this Result came out of a recorded call as data, without its methods',
  ]);
});

test('a connection that an async call opened is lost with its process, and not opened on a replay', async () => {
  using built = await withKit(`
    import { open } from 'kit';
    export default async function main() {
      const client = await open('a');
      try {
        const one = await client.query('one');
        const two = await client.query('two');
        return [one.rows[0].sql, two.rows[0].sql];
      } finally {
        await client.close();
      }
    }`);
  kitCalls.length = 0;
  const { value, lost, events } = await check(built);
  assert.deepEqual(value, ['one', 'two']);
  assert.deepEqual(Object.keys(lost), ['LIVE_OBJECT_LOST']);
  kitCalls.length = 0;
  const [first] = events;
  await run(built, { id: first?.t === 'start' ? first.session : '', history: events });
  assert.deepEqual(kitCalls, [], 'a replay opened something');
});

test('a client that is configured by void calls is lost when it is made again', async () => {
  using built = await withKit(`
    import { Client } from 'kit';
    export default async function main() {
      const client = new Client();
      client.setToken('x');
      await client.connect();
      const { rows } = await client.query('one');
      return rows;
    }`);
  const { value, lost } = await check(built);
  assert.deepEqual(value, [{ sql: 'one' }]);
  assert.deepEqual(Object.keys(lost), ['LIVE_OBJECT_LOST']);
});

test('a thenable builder runs once, where it is awaited', async () => {
  using built = await withKit(`
    import { table } from 'kit';
    const later = async () => table('d').where('four');
    export default async function main() {
      const one = await table('a').where('one');
      const kept = table('b');
      const two = await kept.where('two');
      const both = await Promise.all([table('c').where('three'), later()]);
      return [one, two, ...both];
    }`);
  kitCalls.length = 0;
  const recorded = await run(built, { id: 'ses_b' });
  assert.deepEqual(valueOf(recorded), ['a+one', 'b+two', 'c+three', 'd+four']);
  assert.deepEqual(kitCalls.toSorted(), ['run a,one', 'run b,two', 'run c,three', 'run d,four']);
  kitCalls.length = 0;
  const { lost } = await check(built);
  assert.deepEqual(lost, {});
  kitCalls.length = 0;
  await run(built, { id: 'ses_b', history: recorded.events });
  assert.deepEqual(kitCalls, [], 'a replay ran a query');
});

test('an async iterator of a package is one event a step, and interrupted when it is half-read', async () => {
  using built = await withKit(`
    import { pages, lines } from 'kit';
    export default async function main() {
      const seen = [];
      for await (const { page } of pages(3)) seen.push(page);
      for await (const { page } of pages(9)) { if (page === 1) break; }
      const texts = [...lines(4)];
      const [first, second] = lines(2500);
      const by = lines(3);
      return { seen, texts, first, second, by: [by.next().value, by.next().value] };
    }`);
  const { value, lost } = await check(built);
  assert.deepEqual(value, {
    seen: [0, 1, 2],
    texts: ['line 0', 'line 1', 'line 2', 'line 3'],
    first: 'line 0',
    second: 'line 1',
    by: ['line 0', 'line 1'],
  });
  assert.deepEqual(Object.keys(lost), ['STREAM_INTERRUPTED']);
});

test('errors of packages and users keep class, fields and cause', async () => {
  using built = await withKit(`
    import { fail, KitError, date } from 'kit';
    import { activity } from 'resprout/durable';
    class Mine extends Error { constructor(message, readonly code = 'MINE') { super(message); this.name = 'Mine'; } }
    const bad = activity(async () => { throw new Mine('mine', 'X'); });
    export default async function main() {
      const kit = await fail().catch((error) => [error instanceof KitError, error.name, error.extra]);
      const mine = await bad().catch((error) => [error instanceof Mine, error.code, error.message]);
      const data = await date();
      return { kit, mine, at: data.at instanceof Date, map: data.map.get(1).has(2), big: data.big === 5n, undef: 'undef' in data, bytes: data.bytes.length };
    }`);
  const { value, lost } = await check(built);
  assert.deepEqual(value, {
    kit: [true, 'KitError', { a: 1 }],
    mine: [true, 'X', 'mine'],
    at: true,
    map: true,
    big: true,
    undef: true,
    bytes: 2,
  });
  assert.deepEqual(lost, {});
});

test('an EventEmitter of the program runs its listeners inline and in order', async () => {
  using built = await program(`
    import { EventEmitter, once } from 'node:events';
    import { readFile } from 'node:fs/promises';
    export default async function main() {
      const log = [];
      class Bus extends EventEmitter {}
      const bus = new Bus();
      bus.on('x', (n) => log.push(n)).on('x', async (n) => { log.push((await readFile('/dev/null', 'utf8')) + 'read ' + n); bus.emit('done'); });
      const done = once(bus, 'done');
      bus.emit('x', 1);
      log.push('after');
      await done;
      return log;
    }`);
  const { value, events } = await check(built);
  assert.deepEqual(value, [1, 'after', 'read 1']);
  assert.deepEqual(names(events), ['call node:fs/promises.readFile']);
});
