import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SESSION, rowOf } from '../../test/power-cut/rows.ts';
import { codeOf } from '../base/errors/errors.ts';
import type { Link } from '../base/seams/link.ts';
import type { JournalEvent } from '../durable/journal/events/event.ts';
import type { JournalRow } from '../durable/journal/journal-store.ts';
import { decodeRowBytes, encodeRowBytes } from '../durable/journal/events/row-codec.ts';
import { realTurn } from '../platform/time/turn.ts';
import { ManualClock, MemoryJournal, linkedPair, stopAfterEvent } from './index.ts';

const event = (seq: number): JournalEvent => ({ t: 'cancel', atMs: seq });

test('stopAfterEvent() stops after every single event, also in the middle of a row and of an append', async () => {
  // Rows of 1, 3, 2 and 1 events, the middle two in one append beside another session.
  const appends = [[[0, 1]], [[1, 3], 'other', [4, 2]], [[6, 1]]] as const;
  for (let stop = 0; stop < 7; stop++) {
    const inner = new MemoryJournal();
    let stops = 0;
    const store = stopAfterEvent(inner, stop, () => stops++, SESSION);
    const run = async (): Promise<void> => {
      for (const rows of appends)
        await store.append(
          rows.map((row) =>
            row === 'other'
              ? rowOf(0, 5, 'ses_other')
              : {
                  session: SESSION,
                  firstSeq: row[0],
                  count: row[1],
                  bytes: encodeRowBytes(Array.from({ length: row[1] }, (_, index) => event(row[0] + index))),
                },
          ),
        );
    };
    await assert.rejects(run(), (error) => codeOf(error) === 'STORE_IO');
    assert.equal(stops, 1);
    await assert.rejects(store.append([rowOf(stop + 1)]), (error) => codeOf(error) === 'STORE_IO');
    const kept = [...inner.stored(SESSION)].flatMap((row) => decodeRowBytes(row.bytes, row.count));
    assert.deepEqual(
      kept,
      Array.from({ length: stop + 1 }, (_, seq) => event(seq)),
    );
  }
});

test('stopAfterEvent() never stops before its event, and passes everything else on', async () => {
  const inner = new MemoryJournal();
  const store = stopAfterEvent(inner, 5, () => assert.fail('it stopped'));
  await store.append([rowOf(0), rowOf(1)]);
  const passed: JournalRow[] = [];
  for await (const row of store.rows(SESSION)) passed.push(row);
  assert.deepEqual(passed, [...inner.stored(SESSION)]);
  assert.deepEqual(await store.sessions(), [SESSION]);
  assert.equal(store.epoch, inner.epoch);
});

function gather(link: Link): { readonly bytes: number[]; readonly pieces: number[]; readonly closed: Promise<string> } {
  const bytes: number[] = [];
  const pieces: number[] = [];
  link.onData((piece) => {
    bytes.push(...piece);
    pieces.push(piece.length);
  });
  return { bytes, pieces, closed: new Promise((resolve) => link.onClose(resolve)) };
}

test('linkedPair() delivers everything in order however it is cut, and the close after it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), fc.integer({ min: 1, max: 9 }), async (sends, size) => {
      const [near, far] = linkedPair({ turn: realTurn, nextPieceBytes: () => size });
      const seen = gather(far);
      for (const bytes of sends) near.send(bytes);
      near.close('done');
      near.close('again');
      assert.equal(await seen.closed, 'done');
      assert.deepEqual(
        seen.bytes,
        sends.flatMap((bytes) => [...bytes]),
      );
      assert.ok(seen.pieces.every((length) => length <= size));
      far.send(new Uint8Array(1));
    }),
    { numRuns: 50 },
  );
});

test('linkedPair() tells a fast sender to wait, holds back while paused, and goes on', async () => {
  const [near, far] = linkedPair({ turn: realTurn, highWaterBytes: 10 });
  const seen = gather(far);
  far.pause();
  assert.equal(near.send(new Uint8Array(4)), true);
  assert.equal(near.send(new Uint8Array(8)), false);
  const drained = new Promise<void>((resolve) => near.onDrain(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(seen.bytes.length, 0);
  far.resume();
  await drained;
  assert.equal(seen.bytes.length, 12);
  far.close();
});

test('ManualClock fires timers at their own time, in order, those that timers set too', async () => {
  const clock = new ManualClock(1000);
  const fired: string[] = [];
  const note = (name: string) => (): void => void fired.push(`${name}@${clock.monotonicMs()}`);
  clock.after(20, note('b'));
  clock.after(10, () => {
    note('a')();
    clock.after(5, note('inner'));
    clock.after(100, note('late'));
  });
  clock.after(20, note('c'));
  clock.after(15, note('never')).clear();
  const slept = clock.sleep(20).then(note('slept'));
  assert.equal(clock.nextInMs, 10);
  clock.advance(50);
  await slept;
  assert.deepEqual(fired, ['a@10', 'inner@15', 'b@20', 'c@20', 'slept@50']);
  assert.equal(clock.wallMs(), 1050);
  clock.jumpWall(-500);
  assert.deepEqual([clock.wallMs(), clock.monotonicMs(), clock.waitingCount], [550, 50, 1]);
});

test('ManualClock.sleep() rejects with the reason of its signal and leaves no timer', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const sleeping = clock.sleep(10, controller.signal);
  controller.abort(new Error('stop'));
  await assert.rejects(sleeping, /stop/);
  await assert.rejects(clock.sleep(10, controller.signal), /stop/);
  assert.equal(clock.waitingCount, 0);
});
