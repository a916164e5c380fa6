import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { SESSION, checkedRowCount, rowOf } from '../../../../test/power-cut/rows.ts';
import { openJournalReader, openSqliteJournal, type SqliteJournal } from '../index.ts';

const place = mkdtempSync(join(tmpdir(), 'resprout-log-room-'));
after(() => rmSync(place, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(place, `run-${folders++}`);
const logOf = (folder: string): string => join(folder, 'journal-1.db-wal');
const MIB = 1_048_576;
/** The log as large as it may get: 4096 pages with their heads. */
const FULL = 32 + 4096 * 4120;

async function append(journal: SqliteJournal, from: number, count: number, bytes = 180): Promise<void> {
  for (let seq = from; seq < from + count; seq++) {
    journal.append([rowOf(seq, bytes)]);
    journal.afterAnswer();
    await nextTurn();
  }
}

/** Bytes of the log that hold pages, and bytes that are there. */
function logSizes(folder: string): { readonly used: number; readonly size: number } {
  const database = new DatabaseSync(join(folder, 'journal-1.db'), { readOnly: true });
  const pages = Number(database.prepare('pragma wal_checkpoint = noop').get()?.['log']);
  database.close();
  return { used: 32 + pages * 4120, size: statSync(logOf(folder)).size };
}

/** Whether a page more is there than those that are used. */
function isAhead(folder: string): boolean {
  const { used, size } = logSizes(folder);
  return size - used >= 4096;
}

/** The files as a kill would leave them now. */
function crashCopy(folder: string): string {
  const copy = newFolder();
  mkdirSync(copy, { mode: 0o700 });
  for (const name of readdirSync(folder)) if (!name.endsWith('-shm')) copyFileSync(join(folder, name), join(copy, name));
  return copy;
}

test('a journal of a few commits has nothing grown', async () => {
  const folder = newFolder();
  const journal = openSqliteJournal({ folder });
  await append(journal, 0, 4);
  await delay(50);
  const { used, size } = logSizes(folder);
  assert.equal(size, used);
  journal.close();
});

test('a log grows ahead of commits, never by more than it holds nor by more than 1 MiB, and is gone after a close', async () => {
  const folder = newFolder();
  const journal = openSqliteJournal({ folder });
  let grown = 0;
  for (let seq = 0; seq < 600; seq += 20) {
    await append(journal, seq, 20);
    // Another thread grows it, which may not have come to it yet.
    for (let looks = 0; looks < 100 && !isAhead(folder); looks++) await delay(5);
    const { used, size } = logSizes(folder);
    if (size > used) grown++;
    assert.ok(size - used <= Math.min(used + 65_536, MIB + 65_536), `${size - used} bytes ahead of ${used}`);
  }
  assert.ok(grown > 20, `ahead ${grown} times`);
  journal.close();
  assert.deepEqual(
    readdirSync(folder).filter((name) => /-(wal|shm)$/.test(name)),
    [],
  );
  assert.equal(checkedRowCount(folder), 600);
});

test('a grown log reads as it is: by a reader beside its owner, and by the next owner after a kill, who empties it', async () => {
  const folder = newFolder();
  const journal = openSqliteJournal({ folder });
  let count = 100;
  await append(journal, 0, count);
  for (let looks = 1; !isAhead(folder); looks++) {
    await delay(5);
    // What it grew by was used before it was there.
    if (looks % 100 === 0) await append(journal, count++, 1);
  }
  assert.ok(logSizes(folder).size >= 2 * 65_536);
  const reader = openJournalReader({ folder });
  assert.equal([...reader.rows(SESSION)].length, count);
  reader.close();
  const copy = crashCopy(folder);
  const zeros = readFileSync(logOf(copy)).subarray(-4096);
  assert.ok(zeros.every((byte) => byte === 0));
  const next = openSqliteJournal({ folder: copy });
  assert.ok(statSync(logOf(copy)).size < 65_536);
  assert.equal(next.verify(), count);
  next.close();
  journal.close();
});

test('zeros of an owner that was taken over never lie over a row of the next one', async () => {
  for (let round = 0; round < 12; round++) {
    const folder = newFolder();
    const old = openSqliteJournal({ folder });
    await append(old, 0, 15 + round);
    // Growing has begun in another thread; in this one the next owner empties the log and writes into it.
    old.append([rowOf(15 + round)]);
    old.afterAnswer();
    const next = openSqliteJournal({ folder });
    for (let seq = 16 + round; seq < 40; seq++) {
      next.append([rowOf(seq)]);
      if (seq % 8 === 0) await nextTurn();
    }
    await delay(10);
    next.append([rowOf(40)]);
    assert.equal(checkedRowCount(crashCopy(folder)), 41);
    old.close();
    next.close();
    assert.equal(checkedRowCount(folder), 41);
  }
});

test('a log stops growing at the size at which it is used again', async () => {
  const folder = newFolder();
  const journal = openSqliteJournal({ folder });
  await append(journal, 0, 60, 256 * 1024);
  await delay(20);
  const before = statSync(logOf(folder)).size;
  // A row that begins before it is written whole.
  assert.ok(before <= FULL + 512 * 1024, `${before} bytes`);
  await append(journal, 60, 30, 256 * 1024);
  await delay(20);
  assert.ok(statSync(logOf(folder)).size <= FULL + 512 * 1024);
  assert.equal(checkedRowCount(crashCopy(folder)), 90);
  journal.close();
});
