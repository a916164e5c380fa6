import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../../wire/frames/frame-reader.ts';
import type { JournalEvent } from '../../journal/events/event.ts';
import { BARRIER_FLAG, readRows } from '../../journal/runner/runner-frames.ts';
import { JournalSink } from './journal-sink.ts';

/** An owner in memory that answers when it is told to, and turns that run when they are told to. */
function rig() {
  const turns: (() => void)[] = [];
  const frames: { n: number; flags: number; sizes: Record<string, number> }[] = [];
  const stored = new Map<string, number>();
  let committed = 0;
  const take = (bytes: Uint8Array): void => {
    for (const { payload } of new FrameReader().push(bytes)) {
      const { n, flags, rows } = readRows(payload);
      frames.push({ n, flags, sizes: Object.fromEntries(rows.map((row) => [row.session, row.count])) });
      assert.equal(n, frames.length);
      for (const row of rows) {
        assert.equal(row.firstSeq, stored.get(row.session) ?? 0, 'rows follow each other');
        stored.set(row.session, row.firstSeq + row.count);
      }
    }
  };
  const sink = new JournalSink({
    turn: { next: (run) => void turns.push(run) },
    encode: (event) => {
      const byteLength = event.t === 'cb' ? event.index : 10;
      const half = byteLength >> 1;
      return { chunks: [new Uint8Array(half), new Uint8Array(byteLength - half)], byteLength };
    },
    channel: {
      send: take,
      barrier(frame, n) {
        take(frame);
        assert.equal(frames.at(-1)?.flags, BARRIER_FLAG);
        committed = n;
      },
    },
  });
  return {
    sink,
    frames,
    stored,
    turn: () => {
      for (const run of turns.splice(0)) run();
    },
    /** @param behind frames that have no answer yet */
    answer: (behind = 0) => {
      committed = Math.max(committed, frames.length - behind);
      sink.committed(committed);
    },
    /** Events of a session in frames that were answered. */
    durable: (session: string) => frames.slice(0, committed).reduce((total, { sizes }) => total + (sizes[session] ?? 0), 0),
    hasTurns: () => turns.length > 0,
  };
}

const event = (bytes = 10): JournalEvent => ({ t: 'cb', id: 0, index: bytes, atMs: 0, args: new Uint8Array(0) });

describe('JournalSink', () => {
  it('JournalSink keeps order, commits before it delivers and loses nobody, in every order of things', () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('append' as const), lane: fc.nat(2), bytes: fc.constantFrom(10, 100, 30_000, 70_000) }),
      },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), lane: fc.nat(2) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), behind: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('barrier' as const), lane: fc.nat(2) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const { sink, stored, turn, answer, frames, hasTurns, durable } = rig();
        const lanes = [0, 1, 2].map((i) => ({ id: `s${i}`, sink: sink.session(`s${i}`, 0), appended: 0, asked: 0, heard: 0 }));
        let isInside = false;
        for (const one of steps) {
          isInside = true;
          const lane = lanes['lane' in one ? one.lane : 0];
          assert.ok(lane !== undefined);
          if (one.do === 'append') {
            lane.sink.append(event(one.bytes));
            lane.appended++;
          } else if (one.do === 'wait') {
            const number = lane.asked++;
            const upTo = lane.appended;
            lane.sink.whenDurable(() => {
              assert.equal(isInside, false, 'never inside a call');
              assert.equal(lane.heard++, number, 'in the order of asking');
              assert.ok(durable(lane.id) >= upTo, 'on disk before it is heard');
            });
          } else if (one.do === 'barrier') {
            lane.sink.barrier();
            assert.equal(durable(lane.id), lane.appended, 'a barrier leaves nothing behind');
          }
          isInside = false;
          if (one.do === 'turn') turn();
          if (one.do === 'answer') answer(one.behind);
        }
        for (let i = 0; i < 100 && (hasTurns() || i < 5); i++) {
          turn();
          answer();
        }
        for (const lane of lanes) assert.deepEqual([lane.heard, stored.get(lane.id) ?? 0], [lane.asked, lane.appended]);
        assert.ok(frames.length <= steps.length + 5);
      }),
      { numRuns: 500 },
    );
  });

  it('JournalSink has at most two frames that nobody had to wait for under way; the rest becomes one', () => {
    const { sink, frames, turn, answer } = rig();
    const lane = sink.session('s', 0);
    for (let i = 0; i < 10; i++) {
      lane.append(event());
      turn();
    }
    assert.deepEqual(
      frames.map(({ sizes }) => sizes['s']),
      [1, 1],
    );
    answer();
    turn();
    assert.deepEqual(
      frames.map(({ sizes }) => sizes['s']),
      [1, 1, 8],
    );
  });

  it('JournalSink sends 64 KiB at once and turns 1 MiB without an answer into a barrier', () => {
    const { sink, frames } = rig();
    const lane = sink.session('s', 0);
    for (let i = 0; i < 20; i++) lane.append(event(70_000));
    assert.ok(frames.length >= 20);
    assert.ok(frames.some(({ flags }) => flags === BARRIER_FLAG));
  });

  it('JournalSink answers a barrier with nothing unsent and nothing under way without asking anybody', () => {
    const { sink, frames } = rig();
    sink.session('s', 0).barrier();
    assert.deepEqual(frames, []);
  });
});
