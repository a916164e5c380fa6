// Sessions that go from one store to another as lines of JSON: what comes out is what went in, and nothing else gets in.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  exportSession,
  forkSession,
  importSession,
  listSessions,
  openStore,
  readSession,
  removeSession,
  type JournalRow,
} from '../../src/worker.ts';
import { noSmallDisk, SmallDisk } from '../full-disk/small-disk.ts';
import { makeBigSession } from './support/big-session.ts';
import { exported, hasCode, imported, left, newId, Place } from './support/place.ts';
import { rowOf } from '../../src/testing/stores/rows.ts';

const place = new Place();
after(() => place[Symbol.dispose]());
const newStore = (): string => place.newStore();
const { program } = place;
const MAIN = { import: join(import.meta.dirname, 'support/import-main.ts'), carry: join(import.meta.dirname, 'support/carry-main.ts') };

async function rowsOf(storeFolder: string, id: string): Promise<JournalRow[]> {
  return await Array.fromAsync(openStore({ folder: storeFolder, create: false }).sessions.read(id));
}

const source = newStore();
const ID = newId();
let text: string;

before(async () => {
  await makeBigSession(source, ID, program, 120, 100);
  ({ text } = await exported(source, ID));
});

test('exportSession() and importSession() give the same rows, and the same bytes when it is exported again', async () => {
  const to = newStore();
  const result = await imported(to, text);
  assert.deepEqual({ ...result, builds: result.builds.length }, { sessionId: ID, events: 121, ended: 'done', builds: 1, isNew: true });
  assert.deepEqual(await rowsOf(to, ID), await rowsOf(source, ID));
  assert.equal((await exported(to, ID)).text, text);
  const [info] = await listSessions(openStore({ folder: to }));
  assert.deepEqual([info?.state, info?.events], ['done', 121]);
  assert.equal((await imported(to, text)).isNew, false, 'the same again is no error');
});

test('an export is the same whenever it is made, its records can be read without Resprout, and its last line has the checksum of the rest', async () => {
  const { text: again, result } = await exported(source, ID);
  assert.equal(again, text);
  const lines = text.trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '') as { sha256: string };
  const above = `${lines.slice(0, -1).join('\n')}\n`;
  assert.equal(createHash('sha256').update(above).digest('hex'), last.sha256);
  assert.deepEqual([result.sha256, result.bytes], [last.sha256, Buffer.byteLength(text)]);
  const shown = JSON.parse(lines.find((line) => line.includes('"seq":1,')) ?? '') as { event: { t: string; outcome: { value: string } } };
  assert.deepEqual([shown.event.t, shown.event.outcome.value], ['sync', 'x'.repeat(100)]);
  assert.doesNotMatch(text, /"seed"/, 'what it is for people does not show the seed');
});

test('importSession() takes its input in pieces of any length', async () => {
  const bytes = Buffer.from(text);
  for (const size of [1, 7, 4096]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    assert.equal((await importSession({ storeFolder: newStore(), input: pieces })).events, 121);
  }
});

test('a session of the store with other events stays, and says what is to be done', async () => {
  const to = newStore();
  await makeBigSession(to, ID, program, 60, 100);
  const before = await rowsOf(to, ID);
  await assert.rejects(imported(to, text), hasCode('IMPORT_CONFLICT', /other events from number 51|goes on after|at its end/));
  assert.deepEqual(await rowsOf(to, ID), before);
  await removeSession(openStore({ folder: to }), ID, 'a test');
  assert.equal((await imported(to, text)).isNew, true);
});

test('other content under the name of an artefact is refused and stays; what a power cut tore is made whole', async () => {
  const [to, torn] = [newStore(), newStore()];
  for (const store of [to, torn]) {
    await imported(store, text);
    await removeSession(openStore({ folder: store }), ID, 'a test');
  }
  const artefact = (store: string): string => {
    const [key = ''] = readdirSync(join(store, 'builds/files'));
    return join(store, 'builds/files', key, 'lowered.js');
  };
  const good = readFileSync(artefact(to), 'utf8');
  writeFileSync(artefact(to), good.replace('1', '2'));
  await assert.rejects(imported(to, text), hasCode('IMPORT_CONFLICT', /lowered\.js/));
  assert.equal(readFileSync(artefact(to), 'utf8'), good.replace('1', '2'));
  assert.deepEqual(readdirSync(join(to, 'runs')), []);
  writeFileSync(artefact(torn), '');
  await imported(torn, text);
  assert.equal(readFileSync(artefact(torn), 'utf8'), good);
});

test('an import that is killed leaves nothing that is a session, and the next removal takes what it left', async () => {
  const to = newStore();
  const path = join(place.folder, 'killed.jsonl');
  writeFileSync(path, text);
  for (const at of [1, text.length >> 1, text.length]) {
    const child = spawn(process.execPath, [MAIN.import, to, path, String(at)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const store = openStore({ folder: to });
    assert.deepEqual([await listSessions(store), await store.sessions.ids(), await store.sessions.has(ID)], [[], [], false], `at ${at}`);
  }
  assert.deepEqual(readdirSync(join(to, 'runs')), [`.new-${ID}`]);
  const other = newId();
  await makeBigSession(to, other, program, 5, 5);
  await removeSession(openStore({ folder: to }), other, 'a test');
  assert.deepEqual(readdirSync(join(to, 'runs')), []);
  assert.equal((await imported(to, text)).isNew, true);
});

test('a removal leaves alone what is being imported, and of two imports of one session one goes through', async () => {
  const to = newStore();
  const [hold, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text.slice(0, -10));
    begun.resolve();
    await hold.promise;
    yield Buffer.from(text.slice(-10));
  };
  const first = importSession({ storeFolder: to, input: slow(), command: 'the first import' });
  await begun.promise;
  await assert.rejects(imported(to, text), hasCode('SESSION_HELD'));
  const other = newId();
  await makeBigSession(to, other, program, 5, 5);
  await removeSession(openStore({ folder: to }), other, 'a test');
  hold.resolve();
  assert.equal((await first).isNew, true);
  assert.equal((await readSession(openStore({ folder: to }), ID)).events.length, 121);
});

test('an import that is given up leaves nothing', async () => {
  const to = newStore();
  const stop = new AbortController();
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text.slice(0, text.length >> 1));
    stop.abort(new Error('enough'));
    yield Buffer.from('x');
  };
  await assert.rejects(importSession({ storeFolder: to, input: endless(), signal: stop.signal }), /enough/);
  assert.deepEqual(left(to), []);
  const writes: number[] = [];
  const write = (line: Uint8Array): void => void writes.push(line.length);
  await assert.rejects(exportSession({ storeFolder: source, sessionId: ID, write, signal: stop.signal }), /enough/);
  assert.deepEqual(writes, []);
});

test('what is written while it is exported is left out, and the end says that the session has not ended', async () => {
  const from = newStore();
  const id = newId();
  await makeBigSession(from, id, program, 20, 10);
  const store = openStore({ folder: from });
  const fork = await forkSession({ storeFolder: from, sessionId: id, at: 15 });
  const claim = await store.sessions.claim(fork.sessionId, { command: 'a test' });
  const journal = await store.sessions.open(fork.sessionId);
  let lines = '';
  const grow = async (line: Uint8Array): Promise<void> => {
    lines += Buffer.from(line).toString();
    if (!lines.includes('"seq":2,') || lines.includes('"seq":3,')) return;
    await journal.append([rowOf(fork.sessionId, fork.events, [{ t: 'cancel', atMs: 1 }])]);
  };
  const result = await exportSession({ storeFolder: from, sessionId: fork.sessionId, write: grow });
  await journal.close();
  await claim.release();
  assert.deepEqual([result.events, result.ended], [fork.events, null]);
  const to = newStore();
  assert.equal((await imported(to, lines)).events, fork.events);
  const isBrought = async (folder: string, session: string): Promise<boolean> => await openStore({ folder }).sessions.isBrought(session);
  assert.equal(await isBrought(to, fork.sessionId), true);
  const below = await forkSession({ storeFolder: to, sessionId: fork.sessionId, at: 10 });
  assert.equal(await isBrought(to, below.sessionId), true, 'a fork of it has hashes of the other store too');
});

test('exportSession() says what is missing or damaged', async () => {
  const from = newStore();
  const id = newId();
  const write = (): void => {};
  await makeBigSession(from, id, program, 500, 100);
  await assert.rejects(exportSession({ storeFolder: from, sessionId: newId(), write }), hasCode('SESSION_MISSING'));
  const database = join(from, 'runs', id, 'journal-1.db');
  const bytes = readFileSync(database);
  // Each copy that SQLite has left in its pages.
  for (let at = bytes.indexOf('xxx'); at >= 0; at = bytes.indexOf('xxx', at + 3)) bytes.fill('y', at, at + 3);
  writeFileSync(database, bytes);
  await assert.rejects(exportSession({ storeFolder: from, sessionId: id, write }), hasCode('JOURNAL_CORRUPT'));
  const other = newId();
  await makeBigSession(from, other, program, 5, 5);
  rmSync(join(from, 'builds'), { recursive: true });
  await assert.rejects(exportSession({ storeFolder: from, sessionId: other, write }), hasCode('BUILD_FILE_MISSING'));
});

test('a full disk ends an import with nothing on it', { skip: noSmallDisk }, async () => {
  using disk = new SmallDisk(join(place.folder, 'small'));
  const store = join(disk.folder, 'store');
  openStore({ folder: store });
  disk.fill();
  await assert.rejects(imported(store, text), hasCode('STORE_IO'));
  disk.free();
  assert.deepEqual(left(store), []);
  assert.equal((await imported(store, text)).isNew, true);
});

test('a hundred thousand events go through a heap that could not hold them', { timeout: 240_000 }, async (context) => {
  const [from, to] = [newStore(), newStore()];
  const id = newId();
  await makeBigSession(from, id, program, 100_000, 600);
  const path = join(place.folder, 'large.jsonl');
  const child = spawn(process.execPath, ['--max-old-space-size=64', MAIN.carry, from, id, path, to], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
  const [events = '', kilobytes = ''] = said.trim().split(' ');
  assert.equal(Number(events), 100_001);
  context.diagnostic(`${(statSync(path).size / 1e6).toFixed(0)} MB, ${Math.round(Number(kilobytes) / 1024)} MiB resident at most`);
  assert.ok(Number(kilobytes) / 1024 < 400, `${kilobytes} KiB resident`);
  assert.equal(await readSessionCount(to, id), 100_001);
});

async function readSessionCount(folder: string, id: string): Promise<number> {
  return (await openStore({ folder }).sessions.info(id))?.events ?? 0;
}
