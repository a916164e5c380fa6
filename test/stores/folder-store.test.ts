// What a list says of sessions in a folder, whatever became of their owners and of the index: a row of it counts or the journal is read.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createFolderStore, openSqliteJournal } from '../../src/durable/engines/index.ts';
import type { SessionInfo } from '../../src/durable/journal/sessions/session-info.ts';
import type { SessionStore } from '../../src/durable/journal/sessions/session-store.ts';
import { codeOf } from '../../src/base/errors/errors.ts';
import { endOf, idOf, rowOf, startOf } from '../../src/testing/stores/rows.ts';

const place = mkdtempSync(join(tmpdir(), 'resprout-folder-'));
after(() => rmSync(place, { recursive: true, force: true }));
let count = 0;
const ID = idOf('1');
const OWNER = join(import.meta.dirname, 'support/owner.ts');

interface Place {
  readonly folder: string;
  readonly store: SessionStore;
  /** Folder of a session. */
  readonly run: (id: string) => string;
}

function newPlace(): Place {
  const folder = join(place, String(count++));
  return { folder, store: createFolderStore(folder), run: (id) => join(folder, 'runs', id) };
}

/** A session as an older version left it: a journal, and no row. */
function oldSession({ run }: Place, id: string, atMs: number): void {
  const journal = openSqliteJournal({ folder: run(id) });
  journal.append([rowOf(id, 0, [startOf(id, atMs), endOf('done', atMs + 5)])]);
  journal.close();
}

/** As if nobody had written to the files for a while. */
function makeQuiet({ run }: Place, id: string): void {
  for (const name of readdirSync(run(id))) utimesSync(join(run(id), name), 1000, 1000);
}

/** Which sessions somebody has opened for reading: SQLite leaves a file beside the journal then. */
function opened({ run }: Place, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => readdirSync(run(id)).some((name) => name.endsWith('-shm')));
}

/** Runs an owner to the end of what it appends; it is killed then. */
async function ownedAndKilled({ folder }: Place, id: string, events: number, row: number, ...more: string[]): Promise<void> {
  const child = spawn(process.execPath, [OWNER, folder, id, String(events), String(row), ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer];
  assert.equal(String(text), 'ready\n');
  child.kill('SIGKILL');
  await once(child, 'close');
}

async function listOf({ store }: Place): Promise<SessionInfo[]> {
  const infos: SessionInfo[] = [];
  for await (const info of store.list()) infos.push(info);
  return infos;
}

const shown = (infos: readonly SessionInfo[]): string[] => infos.map(({ sessionId, state }) => `${sessionId.slice(-1)} ${state}`);

test('list() of sessions whose owners let go reads rows and opens no journal', async () => {
  const at = newPlace();
  const ids = ['1', '2', '3'].map(idOf);
  for (const [i, id] of ids.entries()) {
    const claim = await at.store.claim(id, { command: 'a test' });
    const journal = await at.store.open(id);
    await journal.append([rowOf(id, 0, [startOf(id, i)])]);
    if (i > 0) await journal.append([rowOf(id, 1, [endOf(i === 1 ? 'done' : 'failed', 10)])]);
    await journal.close();
    await claim.release();
  }
  const before = new Map(ids.map((id) => [id, readdirSync(at.run(id))]));
  const infos = await listOf(at);
  assert.deepEqual(shown(infos), ['3 failed', '2 done', '1 interrupted']);
  assert.deepEqual(
    infos.map(({ events, exitCode, summary }) => [events, exitCode, summary]),
    [
      [2, 1, 'TypeError: first line'],
      [2, 0, undefined],
      [1, undefined, undefined],
    ],
  );
  assert.deepEqual(new Map(ids.map((id) => [id, readdirSync(at.run(id))])), before);
  assert.deepEqual(opened(at, ids), []);
});

test('list() reads the journals of an older version once, and keeps what they say when nobody was writing', async () => {
  const at = newPlace();
  const ids = ['1', '2'].map(idOf);
  for (const id of ids) oldSession(at, id, 7);
  for (const id of ids) makeQuiet(at, id);
  const first = await listOf(at);
  assert.deepEqual(shown(first), ['2 done', '1 done']);
  assert.deepEqual(opened(at, ids), ids);
  for (const id of ids) for (const name of readdirSync(at.run(id))) if (/-(?:shm|wal)$/.test(name)) rmSync(join(at.run(id), name));
  assert.deepEqual(await listOf(at), first);
  assert.deepEqual(opened(at, ids), []);
});

test('list() does not keep what it read of files that were written to just now', async () => {
  const at = newPlace();
  oldSession(at, ID, 7);
  // However long this machine takes until they are read.
  for (const name of readdirSync(at.run(ID))) utimesSync(join(at.run(ID), name), Date.now() / 1000 + 60, Date.now() / 1000 + 60);
  await listOf(at);
  rmSync(join(at.run(ID), 'journal-1.db-shm'));
  await listOf(at);
  assert.deepEqual(opened(at, [ID]), [ID]);
});

test('list() notices a journal that was written to, or put back from a copy, by somebody who does not know of the index', async () => {
  const at = newPlace();
  const write = async (events: number): Promise<void> => {
    const claim = await at.store.claim(ID, { command: 'a test' });
    const journal = await at.store.open(ID);
    await journal.append([rowOf(ID, events, events === 0 ? [startOf(ID, 1)] : [{ t: 'cancel', atMs: 2 }])]);
    await journal.close();
    await claim.release();
  };
  await write(0);
  cpSync(at.run(ID), join(at.folder, 'copy'), { recursive: true });
  await write(1);
  assert.equal((await at.store.info(ID))?.events, 2);
  rmSync(at.run(ID), { recursive: true });
  cpSync(join(at.folder, 'copy'), at.run(ID), { recursive: true });
  assert.equal((await at.store.info(ID))?.events, 1);
  const other = openSqliteJournal({ folder: at.run(ID) });
  other.append([rowOf(ID, 1, [endOf('cancelled', 3)])]);
  assert.equal((await at.store.info(ID))?.state, 'cancelled');
  other.close();
  assert.deepEqual(shown(await listOf(at)), ['1 cancelled']);
});

test('list() says what a killed owner left, wherever it was: before its first row of the index, behind several, and after it went on', async () => {
  const at = newPlace();
  for (const [id, steps] of [
    [idOf('1'), [[10, 1]]],
    [idOf('2'), [[9500, 10]]],
    [idOf('3'), [[4096, 64]]],
    [
      idOf('4'),
      [
        [4500, 100],
        [3, 1],
        [4200, 7],
      ],
    ],
  ] as const) {
    let events = 0;
    for (const [more, row] of steps) {
      await ownedAndKilled(at, id, more, row);
      events += more;
      const info = await at.store.info(id);
      assert.deepEqual([info?.state, info?.events, info?.calls], ['interrupted', events, events - 1], id);
      assert.deepEqual([info?.lastMs, info?.startedMs, info?.waitsFor?.label], [1000 + events - 1, 1000, 'fetch'], id);
    }
  }
});

test('list() goes on from what an owner kept: it does not read again what was before', async () => {
  const at = newPlace();
  await ownedAndKilled(at, ID, 5000, 10);
  const database = new DatabaseSync(join(at.run(ID), 'journal-1.db'));
  database.exec("update rows set bytes = x'00' where first = 10");
  database.close();
  assert.equal((await at.store.info(ID))?.events, 5000);
  const read = async (): Promise<void> => {
    for await (const row of at.store.read(ID)) void row;
  };
  await assert.rejects(read(), (error) => codeOf(error) === 'JOURNAL_CORRUPT');
});

test('list() does not go on from what was kept of another history', async () => {
  const at = newPlace();
  await ownedAndKilled(at, ID, 5000, 50);
  const index = new DatabaseSync(join(at.folder, 'index.db'));
  const kept = index.prepare('select kept, sum from sessions where stamp = ?').get('');
  rmSync(at.run(ID), { recursive: true });
  await ownedAndKilled(at, ID, 5500, 25, 'close');
  index.prepare("update sessions set stamp = '', kept = ?, sum = ?").run(String(kept?.['kept']), String(kept?.['sum']));
  index.close();
  const info = await at.store.info(ID);
  assert.deepEqual([info?.events, info?.calls], [5500, 5499]);
});

test('list() makes a damaged index again, and says the same without one', async () => {
  const at = newPlace();
  for (const id of ['1', '2'].map(idOf)) oldSession(at, id, 7);
  const infos = await listOf(at);
  for (const spoil of [
    (file: string): void => writeFileSync(file, 'not a database, whatever it says '.repeat(200)),
    (file: string): void => rmSync(file),
    (file: string): void => {
      const database = new DatabaseSync(file);
      database.exec('create trigger t after insert on sessions begin delete from sessions; end');
      database.close();
    },
  ]) {
    for (const suffix of ['-wal', '-shm']) rmSync(join(at.folder, `index.db${suffix}`), { force: true });
    spoil(join(at.folder, 'index.db'));
    assert.deepEqual(await listOf(at), infos);
    assert.equal(statSync(join(at.folder, 'index.db')).mode & 0o777, 0o600);
  }
});

test('list() takes no row of the index that was changed or does not pass its checks', async () => {
  const at = newPlace();
  oldSession(at, ID, 7);
  makeQuiet(at, ID);
  const [info] = await listOf(at);
  for (const sql of [
    `update sessions set kept = replace(kept, '"how":"done"', '"how":"failed"')`,
    `update sessions set kept = '{}'`,
    `update sessions set stamp = 'x'`,
    `update sessions set kept = substr(kept, 1, 50)`,
  ]) {
    const database = new DatabaseSync(join(at.folder, 'index.db'));
    assert.equal(Number(database.prepare(sql).run().changes), 1, sql);
    database.close();
    assert.deepEqual(await listOf(at), [info], sql);
  }
});

test('list() and remove() take what a removal that was killed has left for no session', async () => {
  const at = newPlace();
  for (const id of ['1', '2'].map(idOf)) oldSession(at, id, 7);
  const left = join(at.folder, 'runs', `.gone-${idOf('9')}-00`);
  cpSync(at.run(ID), left, { recursive: true });
  assert.deepEqual(shown(await listOf(at)), ['2 done', '1 done']);
  const claim = await at.store.claim(ID, { command: 'a test', mustExist: true });
  await at.store.remove(ID);
  await claim.release();
  assert.deepEqual([existsSync(left), existsSync(at.run(ID)), shown(await listOf(at))], [false, false, ['2 done']]);
});
