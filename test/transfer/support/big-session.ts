// A session of many events, as its runner would have left it, with a build of its own.
import { openStore } from '../../../src/worker.ts';
import { createDisk } from '../../../src/platform/disk/disk.ts';
import { storeBuilder } from '../../../src/worker/store/store-builder.ts';
import { encodeRecorded } from '../../../src/durable/journal/values/recorded-value.ts';
import { nodeKinds } from '../../../src/platform/values/node-kinds.ts';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import { endOf, rowOf, startOf } from '../../../src/testing/stores/rows.ts';

const IN_A_ROW = 50;

/** Makes it: `events` calls with results of `valueBytes`, each in the journal of a program that is at `file`. */
export async function makeBigSession(
  storeFolder: string,
  sessionId: string,
  file: string,
  events: number,
  valueBytes: number,
): Promise<void> {
  const store = openStore({ folder: storeFolder });
  const build = storeBuilder(store, createDisk()).build(file);
  const claim = await store.sessions.claim(sessionId, { command: 'a test' });
  const journal = await store.sessions.open(sessionId);
  const site = { id: 's', file: 'program.ts', line: 1, column: 1 };
  const { bytes } = encodeRecorded('x'.repeat(valueBytes), { kinds: nodeKinds });
  await journal.append([rowOf(sessionId, 0, [{ ...startOf(sessionId, 1), build: build.id, file }])]);
  for (let seq = 1; seq < events; seq += IN_A_ROW) {
    const row = Array.from({ length: Math.min(IN_A_ROW, events - seq) }, (_, i): JournalEvent => {
      const id = seq + i - 1;
      return { t: 'sync', id, delivered: 0, fn: 'call', site, argsHash: 'h', atMs: 1000 + id, outcome: { kind: 'value', bytes } };
    });
    await journal.append([rowOf(sessionId, seq, row)]);
  }
  await journal.append([rowOf(sessionId, events, [endOf('done', 5)])]);
  await journal.close();
  await claim.release();
}
