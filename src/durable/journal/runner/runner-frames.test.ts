import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../../wire/frames/frame-reader.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { counterFrame, readCounters, readRows, rowFrame } from './runner-frames.ts';

const row = fc
  .tuple(fc.string({ maxLength: 40 }), fc.nat(0xffff_ffff), fc.uint8Array({ minLength: 1, maxLength: 200 }))
  .chain(([session, firstSeq, bytes]) =>
    fc.record({
      session: fc.constant(session),
      firstSeq: fc.constant(firstSeq),
      bytes: fc.constant(bytes),
      count: fc.integer({ min: 1, max: bytes.length }),
    }),
  );

describe('rowFrame', () => {
  it('rowFrame and readRows give rows back as they were, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.nat(1),
        fc.array(row, { maxLength: 6 }),
        fc.integer({ min: 1, max: 50 }),
        (n, flags, rows, cut) => {
          const bytes = rowFrame(HANDLE.APPEND, { n, flags, rows });
          const reader = new FrameReader();
          const frames = [];
          for (let at = 0; at < bytes.length; at += cut) frames.push(...reader.push(bytes.slice(at, at + cut)));
          assert.equal(frames.length, 1);
          const read = readRows(frames[0]?.payload ?? new Uint8Array(0));
          assert.deepEqual(
            { ...read, rows: read.rows.map((one) => ({ ...one, bytes: Uint8Array.from(one.bytes) })) },
            {
              n,
              flags,
              rows: rows.map((one) => ({
                session: one.session,
                firstSeq: one.firstSeq,
                count: one.count,
                bytes: Uint8Array.from(one.bytes),
              })),
            },
          );
        },
      ),
    );
  });

  it('readRows refuses every other payload with WIRE_BAD_FRAME and never fails in another way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (payload) => {
        try {
          for (const { bytes, count } of readRows(payload).rows) assert.ok(count >= 1 && count <= bytes.length);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'WIRE_BAD_FRAME');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('readRows refuses a payload that was cut anywhere inside a row', () => {
    const frame = rowFrame(HANDLE.APPEND, {
      n: 1,
      flags: 0,
      rows: [{ session: 'ses_x', firstSeq: 3, count: 2, bytes: Uint8Array.of(1, 2, 3, 4) }],
    });
    const payload = frame.subarray(26);
    for (let length = 0; length < payload.length; length++) {
      if (length === 8) assert.deepEqual(readRows(payload.subarray(0, length)).rows, []);
      else assert.throws(() => readRows(payload.subarray(0, length)), { code: 'WIRE_BAD_FRAME' }, `cut at ${length}`);
    }
  });

  it('counterFrame is read by readCounters', () => {
    const [frame] = new FrameReader().push(counterFrame(HANDLE.COMMITTED, 7, 1));
    assert.equal(frame?.handle, HANDLE.COMMITTED);
    assert.deepEqual(readCounters(frame.payload), { n: 7, flags: 1 });
    assert.throws(() => readCounters(new Uint8Array(7)), { code: 'WIRE_BAD_FRAME' });
  });
});
