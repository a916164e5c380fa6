import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SESSION, checkedRowCount, rowOf } from '../../../../test/power-cut/rows.ts';
import { ResproutError, codeOf } from '../../../base/errors/errors.ts';
import type { JournalRow } from '../../journal/journal-store.ts';
import { FreeSpace } from '../disk/free-space.ts';
import { openJournalReader, openSqliteJournal } from '../index.ts';
import { checkSqliteVersion } from './version.ts';

const place = mkdtempSync(join(tmpdir(), 'resprout-sqlite-'));
after(() => rmSync(place, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(place, `runs-${folders++}`, SESSION);
const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    codeOf(error) === code;

test('openSqliteJournal() makes a private journal, keeps rows of several sessions and gives them back', () => {
  const folder = newFolder();
  using journal = disposable(openSqliteJournal({ folder }));
  journal.append([rowOf(0)]);
  journal.append([rowOf(1), rowOf(0, 20, 'ses_child'), rowOf(2), rowOf(1, 20, 'ses_child')]);
  journal.append([]);
  assert.deepEqual(journal.sessions(), [SESSION, 'ses_child'].sort());
  assert.equal(journal.nextSeq(SESSION), 3);
  assert.equal(journal.nextSeq('ses_none'), 0);
  assert.deepEqual([...journal.rows('ses_none')], []);
  assert.deepEqual(
    [...journal.rows(SESSION)].map((row) => row.firstSeq),
    [0, 1, 2],
  );
  assert.equal(journal.verify(), 5);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
});

function disposable<T extends { close(): void }>(closable: T): T & Disposable {
  return Object.assign(closable, { [Symbol.dispose]: () => closable.close() });
}

// That every append is synced, which no other connection can see, is what test/power-cut/power-cut.test.ts is for.
test('openSqliteJournal() commits with WAL', () => {
  const folder = newFolder();
  using journal = disposable(openSqliteJournal({ folder }));
  journal.append([rowOf(0)]);
  const database = new DatabaseSync(join(folder, 'journal-1.db'), { readOnly: true });
  assert.equal(database.prepare('pragma journal_mode').get()?.['journal_mode'], 'wal');
  database.close();
});

test('append() refuses a row that is not the next one, writes nothing of its batch, and refuses everything afterwards', () => {
  for (const rows of [[rowOf(2)], [rowOf(0)], [rowOf(1), rowOf(1)], [rowOf(1), rowOf(3)]]) {
    const folder = newFolder();
    const journal = openSqliteJournal({ folder });
    journal.append([rowOf(0)]);
    assert.throws(() => journal.append(rows), hasCode('JOURNAL_CORRUPT'));
    assert.throws(() => journal.append([rowOf(1)]), hasCode('JOURNAL_CORRUPT'));
    assert.throws(() => journal.sessions(), hasCode('JOURNAL_CORRUPT'));
    journal.close();
    assert.equal(checkedRowCount(folder), 1);
  }
  const journal = openSqliteJournal({ folder: newFolder() });
  assert.throws(() => journal.append([{ ...rowOf(0), count: 0 }]), hasCode('JOURNAL_CORRUPT'));
  journal.close();
});

test('openSqliteJournal() fences the owner before it, which then writes nothing more', () => {
  const folder = newFolder();
  const old = openSqliteJournal({ folder });
  old.append([rowOf(0)]);
  const next = openSqliteJournal({ folder });
  assert.equal(next.epoch, old.epoch + 1);
  assert.throws(() => old.append([rowOf(1)]), hasCode('SESSION_FENCED'));
  assert.throws(() => old.append([rowOf(1)]), hasCode('SESSION_FENCED'));
  next.append([rowOf(1)]);
  const other = openSqliteJournal({ folder });
  assert.throws(() => next.append([rowOf(2), rowOf(3)]), hasCode('SESSION_FENCED'));
  other.append([rowOf(2)]);
  for (const journal of [old, next, other]) journal.close();
  assert.equal(checkedRowCount(folder), 3);
});

test('openSqliteJournal() with create false says that a journal is missing and makes nothing', () => {
  const folder = newFolder();
  assert.throws(() => openSqliteJournal({ folder, create: false }), hasCode('SESSION_MISSING'));
  assert.throws(() => openJournalReader({ folder }), hasCode('SESSION_MISSING'));
  assert.equal(existsSync(folder), false);
});

test('openSqliteJournal() refuses folders and files that others may use, links and foreign generations', () => {
  const make = (): string => {
    const folder = newFolder();
    const journal = openSqliteJournal({ folder });
    journal.append([rowOf(0)]);
    journal.close();
    return folder;
  };
  const spoil: ((folder: string, file: string) => void)[] = [
    (folder) => chmodSync(folder, 0o750),
    (_, file) => chmodSync(file, 0o640),
    (folder, file) => linkSync(file, join(folder, 'second-name')),
    (folder, file) => {
      copyFileSync(file, join(folder, 'elsewhere.db'));
      rmSync(file);
      symlinkSync(join(folder, 'elsewhere.db'), file);
    },
    (folder) => writeFileSync(join(folder, 'CURRENT'), '../../other\n'),
    (folder) => writeFileSync(join(folder, 'CURRENT'), ''),
  ];
  for (const [index, how] of spoil.entries()) {
    const folder = make();
    how(folder, join(folder, 'journal-1.db'));
    for (const open of [openSqliteJournal, openJournalReader])
      assert.throws(() => open({ folder }), hasCode('STORE_UNSAFE'), `case ${index}`);
  }
});

test('openSqliteJournal() refuses a database whose schema is not exactly its own, and runs nothing of it', () => {
  const statements = [
    'create trigger t after insert on rows begin delete from rows; end',
    'create view v as select 1',
    'create index i on rows (count)',
    'drop table owner',
    'pragma user_version = 2',
    'pragma application_id = 7',
    'alter table rows add column extra text',
  ];
  for (const sql of statements) {
    const folder = newFolder();
    const journal = openSqliteJournal({ folder });
    journal.append([rowOf(0)]);
    journal.close();
    const database = new DatabaseSync(join(folder, 'journal-1.db'));
    database.exec(sql);
    database.close();
    assert.throws(() => openSqliteJournal({ folder }), hasCode('STORE_UNSAFE'), sql);
    assert.throws(() => openJournalReader({ folder }), hasCode('STORE_UNSAFE'), sql);
  }
});

test('openSqliteJournal() refuses a file that is no database, and one that is cut off', () => {
  for (const content of [Buffer.from('not a database, whatever it says '.repeat(100)), readJournal().subarray(0, 5000)]) {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'journal-1.db'), content, { mode: 0o600 });
    assert.throws(
      () => checkedRowCount(folder),
      (error) => ['JOURNAL_CORRUPT', 'STORE_UNSAFE'].includes(codeOf(error) ?? ''),
    );
  }
});

/** A closed journal of 40 rows, as bytes of its one file. */
function readJournal(): Buffer {
  const folder = newFolder();
  const journal = openSqliteJournal({ folder });
  for (let seq = 0; seq < 40; seq++) journal.append([rowOf(seq)]);
  journal.close();
  return readFileSync(join(folder, 'journal-1.db'));
}

test('rows() detects every flipped byte that changes a row', () => {
  const original = readJournal();
  const folder = newFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let detected = 0;
  let trials = 0;
  const expected = Array.from({ length: 40 }, (_, seq) => rowOf(seq));
  // A step that is prime to the page size meets every kind of place: header, cells, rows, free space.
  for (let at = 0; at < original.length; at += 37) {
    const flipped = Buffer.from(original);
    flipped[at] = (flipped[at] ?? 0) ^ 0x20;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'journal-1.db'), flipped, { mode: 0o600 });
    trials++;
    try {
      assert.deepEqual(readRows(folder), expected, `byte ${at}`);
    } catch (error) {
      if (!(error instanceof ResproutError)) throw error;
      detected++;
    }
  }
  assert.ok(trials > 200 && detected > trials / 4, `${detected} of ${trials}`);
});

/** All rows, as a reader in another process sees them. */
function readRows(folder: string): JournalRow[] {
  const reader = openJournalReader({ folder });
  try {
    return [...reader.rows(SESSION)].map((row) => ({ ...row, bytes: new Uint8Array(row.bytes) }));
  } finally {
    reader.close();
  }
}

test('openSqliteJournal() notices a journal that has lost its last commits, by its watermark', () => {
  const folder = newFolder();
  const file = join(folder, 'journal-1.db');
  const journal = openSqliteJournal({ folder });
  for (let seq = 0; seq < 3; seq++) journal.append([rowOf(seq)]);
  journal.close();
  copyFileSync(file, join(place, 'older.db'));
  const later = openSqliteJournal({ folder });
  later.append([rowOf(3)]);
  later.close();
  copyFileSync(join(place, 'older.db'), file);
  assert.throws(
    () => openSqliteJournal({ folder }),
    (error) => codeOf(error) === 'JOURNAL_CORRUPT' && /has lost events: it holds 3 and has held 4/.test(String(error)),
  );
  rmSync(join(folder, 'journal-1.mark'));
  assert.equal(checkedRowCount(folder), 3);
});

test('openSqliteJournal() notices a damaged log, of which SQLite drops the rest without a word', () => {
  const folder = newFolder();
  const journal = openSqliteJournal({ folder });
  for (let seq = 0; seq < 6; seq++) {
    journal.append([rowOf(seq)]);
    // As an owner does: the mark is moved when nobody waits for it.
    journal.afterAnswer();
  }
  const copy = join(folder, '..', 'crashed', SESSION);
  mkdirSync(copy, { recursive: true, mode: 0o700 });
  // As a crash leaves it: nothing is closed.
  for (const name of ['journal-1.db', 'journal-1.db-wal', 'journal-1.mark']) copyFileSync(join(folder, name), join(copy, name));
  journal.close();
  const log = readFileSync(join(copy, 'journal-1.db-wal'));
  // Zeros behind the commits are none of them.
  const middle = Math.floor(log.findLastIndex((byte) => byte !== 0) * 0.6);
  log[middle] = (log[middle] ?? 0) ^ 1;
  writeFileSync(join(copy, 'journal-1.db-wal'), log);
  assert.throws(
    () => openSqliteJournal({ folder: copy }),
    (error) => codeOf(error) === 'JOURNAL_CORRUPT' && /has lost events/.test(String(error)),
  );
});

test('rows() detects rows that were removed, swapped, changed or added by somebody else', () => {
  const changes = [
    'delete from rows where first = 1',
    'delete from rows where first = 3',
    'delete from rows',
    'delete from heads',
    'update heads set next = 3',
    'update rows set bytes = (select bytes from rows where first = 2) where first = 1',
    'update rows set chain = zeroblob(16) where first = 1',
    'update rows set count = 2 where first = 3',
    "update rows set session = 'ses_other'",
    'insert into rows select session, 4, 1, bytes, chain from rows where first = 3',
    'update rows set first = first + 10',
  ];
  for (const sql of changes) {
    const folder = newFolder();
    const journal = openSqliteJournal({ folder });
    for (let seq = 0; seq < 4; seq++) journal.append([rowOf(seq)]);
    journal.close();
    const database = new DatabaseSync(join(folder, 'journal-1.db'));
    database.exec(sql);
    database.close();
    const verify = (): void => {
      using opened = disposable(openSqliteJournal({ folder }));
      opened.verify();
    };
    assert.throws(verify, hasCode('JOURNAL_CORRUPT'), sql);
  }
});

test('rows() gives nothing of a row that was changed, and names it', () => {
  const folder = newFolder();
  const journal = openSqliteJournal({ folder });
  for (let seq = 0; seq < 4; seq++) journal.append([rowOf(seq)]);
  journal.close();
  const database = new DatabaseSync(join(folder, 'journal-1.db'));
  database.exec('update rows set bytes = (select bytes from rows where first = 2) where first = 1');
  database.close();
  using opened = disposable(openSqliteJournal({ folder }));
  const given: number[] = [];
  const read = (): void => {
    for (const { firstSeq } of opened.rows(SESSION)) given.push(firstSeq);
  };
  assert.throws(read, /the checksum is wrong/);
  assert.deepEqual(given, [0]);
});

test('openJournalReader() follows a live owner, decodes lazily and leaves it undisturbed', () => {
  const folder = newFolder();
  using journal = disposable(openSqliteJournal({ folder }));
  for (let seq = 0; seq < 2500; seq += 100) journal.append(Array.from({ length: 100 }, (_, index) => rowOf(seq + index, 10)));
  using reader = disposable(openJournalReader({ folder }));
  assert.equal(reader.count(SESSION), 2500);
  const events = reader.events(SESSION, 2498)[Symbol.iterator]();
  assert.deepEqual(nameOf(events.next().value), [2498, 'row 2498']);
  journal.append([rowOf(2500, 10), rowOf(2501, 10)]);
  assert.deepEqual(
    [...{ [Symbol.iterator]: () => events }].map((event) => event.seq),
    [2499, 2500, 2501],
  );
  assert.equal(reader.count(SESSION), 2502);
  const next = openSqliteJournal({ folder });
  assert.equal(next.nextSeq(SESSION), 2502);
  next.close();
});

function nameOf(value: unknown): unknown[] {
  const { seq, event } = value as { seq: number; event: { name: string } };
  return [seq, event.name];
}

test('append() on a disk without enough space is STORE_IO before anything is written, and lacksFor() says how much is missing', () => {
  const journal = openSqliteJournal({ folder: newFolder() });
  const huge = { ...rowOf(0), bytes: Object.defineProperty(new Uint8Array(8), 'length', { value: 2 ** 52 }) };
  assert.equal(journal.lacksFor?.([rowOf(0)]), undefined);
  const lack = journal.lacksFor?.([huge]);
  assert.ok(lack !== undefined && lack.freeBytes < lack.neededBytes);
  assert.throws(
    () => journal.append([huge]),
    (error) => codeOf(error) === 'STORE_IO' && /is full/.test(String(error)),
  );
  journal.close();
});

test('append() asks for the space of a disk with plenty of it seldom, and before every append when little is left', () => {
  const spent: number[] = [];
  const watch = (freeBytes: number): void => {
    let looks = 0;
    const space = new FreeSpace('/nowhere', () => {
      looks++;
      return freeBytes;
    });
    for (let count = 0; count < 200; count++) space.take(1000);
    spent.push(looks);
  };
  watch(2 ** 40);
  watch(2 ** 28);
  assert.ok((spent[0] ?? 0) < 20, `${spent[0]} looks with plenty`);
  assert.equal(spent[1], 200);
});

test('close() is final and may be called twice', () => {
  const journal = openSqliteJournal({ folder: newFolder() });
  journal.close();
  journal.close();
  assert.throws(() => journal.append([rowOf(0)]), hasCode('STORE_IO'));
  assert.throws(() => [...journal.rows(SESSION)], hasCode('STORE_IO'));
});

test('checkSqliteVersion() takes 3.51.3 and later only', () => {
  for (const good of ['3.51.3', '3.51.10', '3.52.0', '4.0.0']) checkSqliteVersion(good);
  for (const bad of ['3.51.2', '3.50.9', '2.99.99', 'x', '']) assert.throws(() => checkSqliteVersion(bad), hasCode('STORE_UNSAFE'));
});

test('no file of the product but journal-files.ts and the connection names a database file', () => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] });
  assert.ok(sources.length > 100);
  const naming = sources.filter((name) => /\.db\b|-wal\b/.test(withoutComments(readFileSync(join(ROOT, name), 'utf8'))));
  assert.deepEqual(naming, ['src/durable/engines/disk/journal-files.ts']);
});

const ROOT = join(import.meta.dirname, '../../../..');

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
