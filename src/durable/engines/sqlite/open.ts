// Opens the generation in force, and makes the next one when its WAL cannot be moved into it (S6).
import type { DatabaseSync } from 'node:sqlite';
import { ResproutError } from '../../../base/errors/errors.ts';
import { realClock } from '../../../platform/time/clock.ts';
import { checkSpace } from '../disk/free-space.ts';
import {
  checkRunFiles,
  currentGeneration,
  journalFile,
  makeDatabaseFile,
  makeRunFolder,
  removeGeneration,
  setCurrentGeneration,
  syncFile,
} from '../disk/journal-files.ts';
import { checkSchema, createSchema, openWriter, type Synchronous } from './connection.ts';
import { checkSqliteVersion } from './version.ts';

/** An open generation. Whoever gets it closes the database. */
export interface OpenGeneration {
  readonly database: DatabaseSync;
  readonly generation: number;
}

/** Which run, and how. */
export interface GenerationOptions {
  readonly folder: string;
  readonly create: boolean;
  readonly synchronous: Synchronous;
}

/** @throws ResproutError, and what SQLite throws */
export function openGeneration({ folder, create, synchronous }: GenerationOptions): OpenGeneration {
  checkSqliteVersion();
  if (create) makeRunFolder(folder);
  const generation = currentGeneration(folder);
  const file = journalFile(folder, generation);
  const isThere = checkRunFiles(folder, file);
  if (!isThere && (!create || generation > 1)) throw missing(file);
  checkSpace(folder, 0);
  if (!isThere) makeDatabaseFile(file);
  const database = openWriter(file, synchronous);
  try {
    createSchema(database);
    checkSchema(database, file);
    if (isThere && !moveWal(database))
      return { database: nextGeneration(database, folder, generation, synchronous), generation: generation + 1 };
    return { database, generation };
  } catch (error) {
    if (database.isOpen) database.close();
    throw error;
  }
}

/** How long another connection may read or move the WAL itself, and how often it is tried again meanwhile. */
const MOVE_MS = 5000;
const AGAIN_MS = 20;

/** Moves the WAL's content into the database and empties it. False when that failed: blocks of both files are then suspect. */
function moveWal(database: DatabaseSync): boolean {
  const untilMs = realClock.monotonicMs() + MOVE_MS;
  // SQLite waits for readers by itself. For somebody who moves it at this moment, as whoever opens it does, it waits not at all.
  for (;;) {
    let busy: unknown;
    try {
      busy = database.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'];
    } catch {
      // The caller copies what can be read; when that fails too, its error is the one that is told.
      return false;
    }
    if (busy === 0) return true;
    if (realClock.monotonicMs() >= untilMs) break;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN_MS);
  }
  throw new ResproutError('STORE_IO', 'the journal is being read by another process that does not finish', {
    tried: 'move the write-ahead log into the journal',
    saw: 'another process holds it open for reading',
    do: 'End that process, then resume',
  });
}

function nextGeneration(old: DatabaseSync, folder: string, generation: number, synchronous: Synchronous): DatabaseSync {
  const file = journalFile(folder, generation + 1);
  removeGeneration(folder, generation + 1);
  makeDatabaseFile(file);
  old.prepare('vacuum into ?').run(file);
  syncFile(file);
  old.close();
  const database = openWriter(file, synchronous);
  try {
    checkSchema(database, file);
    setCurrentGeneration(folder, generation + 1);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function missing(file: string): ResproutError {
  return new ResproutError('SESSION_MISSING', `there is no journal ${file}`, { tried: `open ${file}`, saw: 'no such file' });
}
