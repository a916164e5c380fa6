// Reads rows in pages, so that no statement stays open between them: an open one would hold back checkpoints.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JournalRow } from '../../journal/journal-store.ts';
import { ChainWalk, FIRST_LINK, chainLink, isSameLink } from '../chain.ts';
import { LARGEST_SEQ } from '../check-row.ts';
import { damaged } from '../journal-errors.ts';

const PAGE_BYTES = 1_048_576;

/** A row with its checksum, as stored. */
export interface StoredRow extends JournalRow {
  readonly chain: Uint8Array;
}

/** The same as it is read in pages, its checksum in hexadecimal digits. */
interface PageRow extends Omit<JournalRow, 'session'> {
  readonly chain: string;
}

/** What comes after the last row of a session. */
export interface Tail {
  readonly nextSeq: number;
  readonly chain: Uint8Array;
}

const START: Tail = { nextSeq: 0, chain: FIRST_LINK };

function isSameTail(one: Tail, other: Tail): boolean {
  return one.nextSeq === other.nextSeq && isSameLink(one.chain, other.chain);
}

/** Reads one database, whoever writes it. */
export class RowReader {
  readonly #page: StatementSync;
  readonly #last: StatementSync;
  readonly #head: StatementSync;
  readonly #sessions: StatementSync;
  readonly #total: StatementSync;
  readonly #upTo: StatementSync;

  constructor(database: DatabaseSync) {
    // Arrays and text cost half of what an object with two byte arrays a row does.
    this.#page = database.prepare(
      'select first, count, bytes, lower(hex(chain)) from rows where session = ? and first >= ? order by first',
    );
    this.#page.setReturnArrays(true);
    this.#last = database.prepare('select first, count, bytes, chain from rows where session = ? order by first desc limit 2');
    this.#head = database.prepare('select next, chain from heads where session = ?');
    // Rows without a head are damage, and are found too: one step per session instead of one per row.
    this.#sessions = database.prepare(
      'with recursive s(id) as (select min(session) from rows union all ' +
        'select (select min(session) from rows where session > s.id) from s where s.id is not null) ' +
        'select id from s where id is not null union select session from heads order by 1',
    );
    this.#upTo = database.prepare(
      'select first, count, bytes, chain from rows where session = ? and first <= ? order by first desc limit 2',
    );
    this.#total = database.prepare('select coalesce(sum(next), 0) as total from heads');
  }

  /** Rows in order, or those after a place that is known, each checked against the chain. Rows that are appended meanwhile are read too. @throws ResproutError JOURNAL_CORRUPT */
  *rows(session: string, after: Tail = START): Generator<JournalRow> {
    const walk = new ChainWalk(session, after.chain);
    let next = after.nextSeq;
    let chain = hexOf(after.chain);
    for (;;) {
      // Read before the page: rows that are added in between are beyond it, never short of it.
      const head = this.#readHead(session);
      const page = this.#read(session, next);
      for (const row of page) {
        if (row.firstSeq !== next) throw damaged(session, next, `the next row begins at event ${row.firstSeq}`);
        chain = walk.next(row.firstSeq, row.count, row.bytes);
        if (chain !== row.chain) throw damaged(session, row.firstSeq, 'the checksum is wrong');
        next += row.count;
        yield { session, firstSeq: row.firstSeq, count: row.count, bytes: row.bytes };
      }
      if (page.length > 0) continue;
      if (next !== head.nextSeq || chain !== hexOf(head.chain))
        throw damaged(session, next, `the rows end here and not at event ${head.nextSeq}`);
      return;
    }
  }

  /** Where the row that holds an event begins; the end when there is no such event. */
  before(session: string, seq: number): Tail {
    const [holding, before] = this.#upTo.all(session, seq).map((row) => parseRow(session, row));
    if (holding !== undefined && holding.firstSeq + holding.count <= seq) return endOf(holding);
    return before === undefined ? START : endOf(before);
  }

  /** The first row of a session as it is stored; not checked. */
  first(session: string): JournalRow | undefined {
    const [first] = this.#upTo.all(session, 0).map((row) => parseRow(session, row));
    return first;
  }

  /** Whether the rows of a session begin with those that end there. */
  holds(session: string, tail: Tail): boolean {
    const [last] = this.#upTo.all(session, tail.nextSeq - 1).map((row) => parseRow(session, row));
    return last !== undefined && isSameTail(endOf(last), tail);
  }

  /** Where a session goes on; its last row is checked. @throws ResproutError JOURNAL_CORRUPT */
  tail(session: string): Tail {
    const head = this.#readHead(session);
    const [last, before] = this.#last.all(session).map((row) => parseRow(session, row));
    const start = before === undefined ? START : endOf(before);
    const tail = last === undefined ? START : checked(last, start);
    // An owner may have added rows between the two looks; its own look at the tail comes before its first append.
    if (tail.nextSeq < head.nextSeq || (tail.nextSeq === head.nextSeq && !isSameTail(tail, head)))
      throw damaged(session, tail.nextSeq, `the rows end here and not at event ${head.nextSeq}`);
    return tail;
  }

  /** Events of all sessions together. */
  total(): number {
    return Number(this.#total.get()?.['total']);
  }

  #readHead(session: string): Tail {
    const head = this.#head.get(session);
    if (head === undefined) return START;
    const { next, chain } = head;
    if (typeof next !== 'number' || !(chain instanceof Uint8Array)) throw damaged(session, 0, 'a head of the wrong shape');
    return { nextSeq: next, chain };
  }

  sessions(): readonly string[] {
    return this.#sessions.all().map((row) => String(row['id']));
  }

  #read(session: string, from: number): readonly PageRow[] {
    const page: PageRow[] = [];
    let bytes = 0;
    for (const row of this.#page.iterate(session, from)) {
      const parsed = parsePageRow(session, row);
      page.push(parsed);
      bytes += parsed.bytes.length;
      if (bytes >= PAGE_BYTES || page.length >= 1000) break;
    }
    return page;
  }
}

const hexOf = (chain: Uint8Array): string => Buffer.from(chain).toString('hex');

/** What comes after a row that was checked, or that is taken for what it says. */
function endOf(row: StoredRow): Tail {
  return { nextSeq: row.firstSeq + row.count, chain: row.chain };
}

function checked(row: StoredRow, before: Tail): Tail {
  if (row.firstSeq !== before.nextSeq) throw damaged(row.session, before.nextSeq, `the next row begins at event ${row.firstSeq}`);
  const chain = chainLink(before.chain, row);
  if (!isSameLink(chain, row.chain)) throw damaged(row.session, row.firstSeq, 'the checksum is wrong');
  return { nextSeq: row.firstSeq + row.count, chain };
}

/** @param row the columns of a page in an array, whatever the types of the library say */
function parsePageRow(session: string, row: unknown): PageRow {
  const columns: readonly unknown[] = Array.isArray(row) ? row : [];
  const [first, count, bytes, chain] = columns;
  if (
    typeof first !== 'number' ||
    typeof count !== 'number' ||
    !(bytes instanceof Uint8Array) ||
    typeof chain !== 'string' ||
    count < 1 ||
    first + count > LARGEST_SEQ
  )
    throw wrongShape(session, first);
  return { firstSeq: first, count, bytes, chain };
}

function parseRow(session: string, row: Readonly<Record<string, unknown>>): StoredRow {
  const { first, count, bytes, chain } = row;
  if (
    typeof first !== 'number' ||
    typeof count !== 'number' ||
    !(bytes instanceof Uint8Array) ||
    !(chain instanceof Uint8Array) ||
    count < 1
  )
    throw wrongShape(session, first);
  return { session, firstSeq: first, count, bytes, chain };
}

const wrongShape = (session: string, first: unknown): Error =>
  damaged(session, typeof first === 'number' ? first : 0, 'a row of the wrong shape');
