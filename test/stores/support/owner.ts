// An owner of a session that is killed: `node owner.ts STORE ID EVENTS ROW [CLOSE]` appends so many events to what the session has, ROW in a
// row, says so, and then waits to be killed; with CLOSE it lets go before it says so.
import { createFolderStore } from '../../../src/durable/engines/index.ts';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import { rowOf, startOf } from '../../../src/testing/stores/rows.ts';

const [folder = '', id = '', events = '0', size = '1', close] = process.argv.slice(2);
const store = createFolderStore(folder);
const claim = await store.claim(id, { command: 'the owner of a test' });
const journal = await store.open(id);
let next = 0;
for await (const row of journal.rows(id)) next = row.firstSeq + row.count;
const end = next + Number(events);
while (next < end) {
  const row = Array.from({ length: Math.min(Number(size), end - next) }, (_, i): JournalEvent => {
    const seq = next + i;
    if (seq === 0) return startOf(id, 1000);
    const site = { id: 's', file: 'program.ts', line: 1, column: 1 };
    return { t: 'call', id: seq, delivered: 0, fn: 'fetch', site, argsHash: 'h', atMs: 1000 + seq };
  });
  // Every call has its result but the last one.
  const bytes = row.map((event): JournalEvent =>
    event.t === 'call' && event.id < end - 1
      ? { t: 'sync', ...callOf(event), outcome: { kind: 'value', bytes: new Uint8Array([0]) } }
      : event,
  );
  await journal.append([rowOf(id, next, bytes)]);
  next += row.length;
  // As an owner does that reads the next frame in another turn.
  await new Promise((resolve) => setImmediate(resolve));
}
if (close !== undefined) {
  await journal.close();
  await claim.release();
}
process.stdout.write('ready\n');
setInterval(() => {}, 1000);

function callOf({
  id: seq,
  delivered,
  fn,
  site,
  argsHash,
  atMs,
}: Extract<JournalEvent, { t: 'call' }>): Omit<Extract<JournalEvent, { t: 'call' }>, 't'> {
  return { id: seq, delivered, fn, site, argsHash, atMs };
}
