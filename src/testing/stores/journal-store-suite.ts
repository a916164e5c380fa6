// What every journal store does, whatever keeps its rows: run over SQLite and memory here, over any other store in its own tests.
import assert from 'node:assert/strict';
import { codeOf } from '../../base/errors/errors.ts';
import type { JournalRow, JournalStore } from '../../durable/journal/journal-store.ts';
import type { Behaviour } from '../connection-method-suite.ts';
import { idOf, numberedRow } from './rows.ts';

/** A place for one journal. Every open is the next owner of it. */
export interface JournalPlace {
  open(): Promise<JournalStore>;
}

const SESSION = idOf('a');
const OTHER = idOf('b');

const hasCode =
  (...codes: readonly string[]) =>
  (error: unknown): boolean =>
    codes.includes(codeOf(error) ?? '');

async function all(rows: AsyncIterable<JournalRow>): Promise<JournalRow[]> {
  const found: JournalRow[] = [];
  // Bytes may be a view of a class of the store's own.
  for await (const row of rows) found.push({ ...row, bytes: new Uint8Array(row.bytes) });
  return found;
}

/** @param newPlace gives a place that holds nothing yet */
export function journalStoreBehaviours(newPlace: () => JournalPlace): readonly Behaviour[] {
  return [
    {
      title: 'J1: rows of several sessions come back as they were given, in order, to this owner and to the next one',
      async run() {
        const place = newPlace();
        const journal = await place.open();
        const first = numberedRow(SESSION, 0);
        await journal.append([first]);
        await journal.append([numberedRow(SESSION, 1), numberedRow(OTHER, 0), numberedRow(SESSION, 2), numberedRow(OTHER, 1)]);
        await journal.append([]);
        // What was handed in is the store's no more than the caller's.
        first.bytes.fill(0);
        const expected = [0, 1, 2].map((seq) => numberedRow(SESSION, seq));
        assert.deepEqual(await all(journal.rows(SESSION)), expected);
        assert.deepEqual(await all(journal.rows(idOf('none'))), []);
        assert.deepEqual([...(await journal.sessions())].sort(), [SESSION, OTHER]);
        await journal.close();
        const next = await place.open();
        assert.deepEqual(await all(next.rows(SESSION)), expected);
        assert.equal((await all(next.rows(OTHER))).length, 2);
        await next.append([numberedRow(SESSION, 3)]);
        await next.close();
      },
    },
    {
      title: 'J2: a row that is not the next one is refused with all that was appended with it, and then everything is',
      async run() {
        for (const seqs of [[2], [0], [1, 1], [1, 3]]) {
          const place = newPlace();
          const journal = await place.open();
          await journal.append([numberedRow(SESSION, 0)]);
          await assert.rejects(journal.append(seqs.map((seq) => numberedRow(SESSION, seq))), hasCode('JOURNAL_CORRUPT'), String(seqs));
          await assert.rejects(journal.append([numberedRow(SESSION, 1)]), hasCode('JOURNAL_CORRUPT'));
          await assert.rejects(all(journal.rows(SESSION)), hasCode('JOURNAL_CORRUPT'));
          await assert.rejects(journal.sessions(), hasCode('JOURNAL_CORRUPT'));
          await journal.close();
          const next = await place.open();
          assert.equal((await all(next.rows(SESSION))).length, 1, String(seqs));
          await next.close();
        }
      },
    },
    {
      title: 'J3: a row without events, or with numbers that are none, is refused',
      async run() {
        for (const wrong of [{ count: 0 }, { count: 1.5 }, { firstSeq: -1 }, { session: '' }]) {
          const journal = await newPlace().open();
          await assert.rejects(journal.append([{ ...numberedRow(SESSION, 0), ...wrong }]), hasCode('JOURNAL_CORRUPT'));
          await journal.close();
        }
      },
    },
    {
      title: 'J4: every open raises the epoch and fences the owner before it, which writes nothing more',
      async run() {
        const place = newPlace();
        const old = await place.open();
        await old.append([numberedRow(SESSION, 0)]);
        const next = await place.open();
        assert.equal(next.epoch, old.epoch + 1);
        await assert.rejects(old.append([numberedRow(SESSION, 1), numberedRow(SESSION, 2)]), hasCode('SESSION_FENCED'));
        await assert.rejects(old.append([numberedRow(SESSION, 1)]), hasCode('SESSION_FENCED'));
        await next.append([numberedRow(SESSION, 1)]);
        assert.equal((await all(next.rows(SESSION))).length, 2);
        await old.close();
        await next.append([numberedRow(SESSION, 2)]);
        await next.close();
      },
    },
    {
      title: 'J5: rows that are appended while somebody reads are read too',
      async run() {
        const journal = await newPlace().open();
        await journal.append([numberedRow(SESSION, 0), numberedRow(SESSION, 1)]);
        const seen: number[] = [];
        for await (const row of journal.rows(SESSION)) {
          seen.push(row.firstSeq);
          if (row.firstSeq === 0) await journal.append([numberedRow(SESSION, 2)]);
        }
        assert.deepEqual(seen, [0, 1, 2]);
        await journal.close();
      },
    },
    {
      title: 'J6: 5,000 rows in one append and a row of 4 MiB come back whole',
      async run() {
        const journal = await newPlace().open();
        await journal.append(Array.from({ length: 5000 }, (_, seq) => numberedRow(SESSION, seq)));
        const large = new Uint8Array(4 * 1024 * 1024).fill(7);
        await journal.append([{ session: OTHER, firstSeq: 0, count: 1, bytes: large }]);
        assert.equal((await all(journal.rows(SESSION))).length, 5000);
        assert.deepEqual((await all(journal.rows(OTHER)))[0]?.bytes, large);
        await journal.close();
      },
    },
    {
      title: 'J7: close is final and may come twice',
      async run() {
        const journal = await newPlace().open();
        await journal.close();
        await journal.close();
        await assert.rejects(journal.append([numberedRow(SESSION, 0)]), hasCode('STORE_IO'));
        await assert.rejects(all(journal.rows(SESSION)), hasCode('STORE_IO'));
        await assert.rejects(journal.sessions(), hasCode('STORE_IO'));
      },
    },
  ];
}
