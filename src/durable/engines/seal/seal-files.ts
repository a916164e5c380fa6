// Seals a session that was recorded in the clear. Its rows go, sealed, into the next generation's file, which is on the medium before CURRENT names it:
// a kill before that leaves the session as it was, a kill after it leaves files of before, which the next run of this removes.
import { existsSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Disk } from '../../../base/seams/disk.ts';
import { checkSpace } from '../disk/free-space.ts';
import {
  currentGeneration,
  journalFile,
  makeDatabaseFile,
  removeGeneration,
  setCurrentGeneration,
  syncFile,
} from '../disk/journal-files.ts';
import { FIRST_LINK, chainLink } from '../chain.ts';
import { checkSchema, createSchema, openWriter } from '../sqlite/connection.ts';
import { openSqliteJournal } from '../sqlite/journal.ts';
import { isSealed, isSealedText, type SealedKind, type SessionSeal } from './session-seal.ts';
import { makeHead } from './sealed-head.ts';

/** Beside the journal: what of it may hold values, and as what it is sealed. */
const LINES: Readonly<Record<string, SealedKind>> = { 'output.log': 'output', 'output.old.log': 'output', 'secrets.log': 'prints' };

/** @param folder of the run, claimed by this process. @returns false when there was nothing to seal */
export function sealSession(folder: string, seal: SessionSeal, disk: Disk): boolean {
  const isNew = sealJournal(folder, seal);
  // Also after a run of this that was killed.
  for (const [name, kind] of Object.entries(LINES)) sealLines(`${folder}/${name}`, kind, seal, disk);
  const generation = currentGeneration(folder);
  for (let old = 1; old < generation; old++) removeGeneration(folder, old);
  return isNew;
}

function sealJournal(folder: string, seal: SessionSeal): boolean {
  const journal = openSqliteJournal({ folder, create: false });
  try {
    const [first] = journal.rows(seal.id);
    if (first === undefined || isSealed(first.bytes)) return false;
    checkSpace(folder, bytesOf(journal.rows(seal.id)));
    const next = journal.generation + 1;
    removeGeneration(folder, next);
    const file = journalFile(folder, next);
    makeDatabaseFile(file);
    const database = openWriter(file, 'FULL');
    let events: number;
    try {
      createSchema(database);
      checkSchema(database, file);
      events = copySealed(journal.rows(seal.id), database, journal.epoch, seal);
    } finally {
      database.close();
    }
    syncFile(file);
    makeHead(folder, seal, events);
    setCurrentGeneration(folder, next);
    return true;
  } finally {
    journal.close();
  }
}

type Rows = ReturnType<ReturnType<typeof openSqliteJournal>['rows']>;

function bytesOf(rows: Rows): number {
  let bytes = 0;
  for (const row of rows) bytes += row.bytes.length;
  return bytes;
}

/** @returns how many events they are */
function copySealed(rows: Rows, database: DatabaseSync, epoch: number, seal: SessionSeal): number {
  const insert = database.prepare('insert into rows values (?, ?, ?, ?, ?)');
  let chain = FIRST_LINK;
  let events = 0;
  database.exec('begin immediate');
  database.prepare('update owner set epoch = ?').run(epoch);
  for (const row of rows) {
    const sealed = seal.seal(row);
    chain = chainLink(chain, sealed);
    insert.run(row.session, row.firstSeq, row.count, sealed.bytes, chain);
    events = row.firstSeq + row.count;
  }
  database.exec('commit');
  return events;
}

/** Readers see the file of before or the one of after. */
function sealLines(file: string, kind: SealedKind, seal: SessionSeal, disk: Disk): void {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.every((line) => line === '' || isSealedText(line))) return;
  disk.writeAtomic(file, lines.map((line) => (line === '' || isSealedText(line) ? line : seal.sealText(kind, line))).join('\n'), 0o600);
}
