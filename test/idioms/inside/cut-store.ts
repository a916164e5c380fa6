// A journal whose last event is taken away and that takes what is appended into memory: the file stays as it is.
import type { JournalRow, JournalStore } from '../../../src/durable/journal/journal-store.ts';
import type * as RowCodec from '../../../src/durable/journal/events/row-codec.ts';

export interface CutStore {
  readonly store: JournalStore;
  readonly appended: readonly JournalRow[];
}

/** The rows of a session without its last event. */
function withoutLast(rows: readonly JournalRow[], { joinEvents, splitRowBytes }: typeof RowCodec): JournalRow[] {
  const last = rows.at(-1);
  if (last === undefined) return [];
  if (last.count === 1) return rows.slice(0, -1);
  const count = last.count - 1;
  return [...rows.slice(0, -1), { ...last, count, bytes: joinEvents(splitRowBytes(last.bytes, last.count).slice(0, count)) }];
}

export function cutStore(inner: JournalStore, codec: typeof RowCodec): CutStore {
  const appended: JournalRow[] = [];
  const store: JournalStore = {
    get epoch() {
      return inner.epoch;
    },
    append: async (rows) => void appended.push(...rows),
    async *rows(session) {
      const recorded: JournalRow[] = [];
      for await (const row of inner.rows(session)) recorded.push(row);
      yield* withoutLast(recorded, codec);
      yield* appended.filter((row) => row.session === session);
    },
    sessions: () => inner.sessions(),
    close: () => inner.close(),
  };
  return { store, appended };
}
