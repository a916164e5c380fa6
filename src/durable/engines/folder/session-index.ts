// One row a session, so that a list of a large store reads rows and no journals. A cache and nothing else:
//   X1. A row counts only while the files of the session's journal are those it was written for (its stamp): whatever wrote to them since, a
//       crash, another version, a copy that was put back, the journal is read again. So a row may be missing or old, and a list never lies.
//   X2. It can be removed at any time. A file that is damaged, or none of ours, is removed and made again.
//   X3. It is never synced. A row has a checksum: what a power cut has torn is no row.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { codeOf } from '../../../base/errors/errors.ts';
import { shortHash } from '../../../platform/keyed-hash.ts';
import { indexFile, removeIndexFiles } from '../disk/journal-files.ts';
import { storeFailed } from '../journal-errors.ts';
import { openIndexDatabase } from './index-database.ts';

/** What is kept of a session. */
export interface IndexRow {
  readonly id: string;
  /** Of the files of its journal; empty: it never counts, and is there to go on from. */
  readonly stamp: string;
  readonly startedMs: number;
  readonly lastMs: number;
  readonly hasEnded: boolean;
  /** The digest, as kept-digest.ts writes it. */
  readonly kept: string;
}

/** A place in the order of lists: that of a session. */
export interface IndexPlace {
  readonly id: string;
  readonly startedMs: number;
}

/** A session that has a row. */
export interface IndexedSession extends IndexPlace {
  /** Undefined: it does not pass its checks. */
  readonly row: IndexRow | undefined;
}

/** The index of one folder of sessions, open. Owns its connection. */
export class SessionIndex {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #get: StatementSync;

  /** @throws what SQLite throws */
  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#put = database.prepare(
      'insert into sessions values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set stamp = excluded.stamp, ' +
        'started = excluded.started, last = excluded.last, ended = excluded.ended, kept = excluded.kept, sum = excluded.sum',
    );
    this.#get = database.prepare('select id, stamp, started, last, ended, kept, sum from sessions where id = ?');
  }

  /**
   * Uses the index of a folder. Undefined when there is none to use: the disk is full, or may not be written. Nobody fails for that: the
   * journals say everything.
   */
  static use<T>(folder: string, work: (index: SessionIndex) => T): T | undefined {
    for (const isLastTry of [false, true]) {
      try {
        const index = new SessionIndex(openIndexDatabase(indexFile(folder)));
        try {
          return work(index);
        } finally {
          index.#database.close();
        }
      } catch (thrown) {
        if (isLastTry || !isNoIndex(thrown)) return undefined;
        removeIndexFiles(folder);
      }
    }
    return undefined;
  }

  ids(): readonly string[] {
    return this.#database
      .prepare('select id from sessions')
      .all()
      .map((row) => String(row['id']));
  }

  /** So many rows in the order of lists, those behind one of them; without it the first ones. A row that does not pass its checks has its id only. */
  page(after: IndexPlace | undefined, count: number): readonly IndexedSession[] {
    const behind = after === undefined ? '' : 'where (started, id) < (?, ?) ';
    const select = this.#database.prepare(
      `select id, stamp, started, last, ended, kept, sum from sessions ${behind}order by started desc, id desc limit ?`,
    );
    const rows = after === undefined ? select.all(count) : select.all(after.startedMs, after.id, count);
    return rows.map((row) => ({ id: String(row['id']), startedMs: Number(row['started']), row: rowOf(row) }));
  }

  get(id: string): IndexRow | undefined {
    const row = this.#get.get(id);
    return row === undefined ? undefined : rowOf(row);
  }

  /** Sessions that have ended, the one that ended first before the others. */
  ended(): readonly { readonly id: string; readonly lastMs: number }[] {
    const rows = this.#database.prepare('select id, last from sessions where ended = 1 order by last').all();
    return rows.map((row) => ({ id: String(row['id']), lastMs: Number(row['last']) }));
  }

  /** All rows in one transaction. */
  put(rows: readonly IndexRow[]): void {
    this.#change(() => {
      for (const { id, stamp, startedMs, lastMs, hasEnded, kept } of rows)
        this.#put.run(id, stamp, startedMs, lastMs, hasEnded ? 1 : 0, kept, sumOf(id, stamp, kept));
    });
  }

  remove(ids: readonly string[]): void {
    const remove = this.#database.prepare('delete from sessions where id = ?');
    this.#change(() => {
      for (const id of ids) remove.run(id);
    });
  }

  #change(work: () => void): void {
    this.#database.exec('begin immediate');
    try {
      work();
      this.#database.exec('commit');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw error;
    }
  }
}

/** It is damaged, or somebody else's. Anything else, such as a full disk, is no reason to remove it. */
function isNoIndex(thrown: unknown): boolean {
  const code = codeOf(storeFailed('the index of sessions', thrown));
  return code === 'JOURNAL_CORRUPT' || code === 'STORE_UNSAFE';
}

function sumOf(id: string, stamp: string, kept: string): string {
  return shortHash(`${id} ${stamp} ${kept}`, 16);
}

/** Undefined for a row that does not pass its checks. */
function rowOf(row: Readonly<Record<string, unknown>>): IndexRow | undefined {
  const { id, stamp, started, last, ended, kept, sum } = row;
  if (sum !== sumOf(String(id), String(stamp), String(kept))) return undefined;
  return {
    id: String(id),
    stamp: String(stamp),
    startedMs: Number(started),
    lastMs: Number(last),
    hasEnded: ended === 1,
    kept: String(kept),
  };
}
