import { ResproutError } from '../base/errors/errors.ts';
import type { JournalRow, JournalStore } from '../durable/journal/journal-store.ts';
import { joinEvents, splitRowBytes } from '../durable/journal/events/row-codec.ts';

/**
 * A store that stops after event number `seq` (from 0) of a session: rows up to and with that event are committed, what comes after it
 * in the same append is dropped, then `onStop` is called once, before anybody is answered. The cut is exact even inside a row, so a
 * test can stop after every single event. When `onStop` returns, the append throws STORE_IO, as an owner that fails there would see it.
 * @param session the session whose events count; the first one that gets so far when absent
 */
export function stopAfterEvent(store: JournalStore, seq: number, onStop: () => void, session?: string): JournalStore {
  let stopped: ResproutError | undefined;
  return {
    get epoch() {
      return store.epoch;
    },
    async append(rows) {
      if (stopped !== undefined) throw stopped;
      const last = rows.findIndex((row) => (session === undefined || row.session === session) && row.firstSeq + row.count > seq);
      if (last < 0) return await store.append(rows);
      await store.append([...rows.slice(0, last), ...rows.slice(last, last + 1).map((row) => cutAfter(row, seq))]);
      stopped = new ResproutError('STORE_IO', `the store was stopped after event ${seq}`, {
        tried: 'append to the journal',
        saw: `a stop after event ${seq}, asked for by a test`,
      });
      onStop();
      throw stopped;
    },
    rows: (id) => store.rows(id),
    sessions: () => store.sessions(),
    close: () => store.close(),
  };
}

/** The row up to and with event `seq`; whole when it began after it. */
function cutAfter(row: JournalRow, seq: number): JournalRow {
  const count = Math.max(seq + 1 - row.firstSeq, 1);
  return { ...row, count, bytes: joinEvents(splitRowBytes(row.bytes, row.count).slice(0, count)) };
}
