import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codeOf } from '../../base/errors/errors.ts';
import { FRAME_HEADER_BYTES, encodeFrame, encodeFrameHeader, type Frame } from './frame.ts';
import { FrameReader } from './frame-reader.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const frames = fc.array(
  fc.record({ dst: u32, src: u32, auth: u32, handle: u32, replyTo: u32, payload: fc.uint8Array({ maxLength: 300 }) }),
  { maxLength: 8 },
);

const plain = (frame: Frame): Frame => ({ ...frame, payload: new Uint8Array(frame.payload) });

function joined(list: readonly Frame[]): Uint8Array {
  return new Uint8Array(list.flatMap((frame) => [...encodeFrame(frame)]));
}

function readInPieces(bytes: Uint8Array, sizes: readonly number[]): Frame[] {
  const reader = new FrameReader();
  const found: Frame[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    found.push(...reader.push(bytes.slice(at, at + size)));
    at += size;
  }
  assert.equal(reader.isInsideFrame, false);
  return found.map(plain);
}

test('FrameReader gives the same frames however the stream is cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 60 }), (list, sizes) => {
      assert.deepEqual(readInPieces(joined(list), sizes), list.map(plain));
    }),
  );
});

test('FrameReader gives the same large frames however the stream is cut, in small pieces and large ones', () => {
  const list = [3, 200_000, 16_384, 70_001].map((size, index) => ({
    dst: index,
    src: 1,
    auth: 2,
    handle: 101,
    replyTo: 0,
    payload: Uint8Array.from({ length: size }, (_, at) => (at * 7 + size) & 255),
  }));
  const bytes = Buffer.concat(list.map(encodeFrame));
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 3000, max: 20_000 }), fc.constantFrom(16_383, 16_384, 65_536));
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 60 }), (sizes) => {
      const found = readInPieces(bytes, sizes);
      assert.equal(found.length, list.length);
      for (const [at, frame] of found.entries()) assert.equal(Buffer.compare(frame.payload, list[at]?.payload ?? Buffer.alloc(0)), 0);
    }),
  );
});

test('FrameReader gives the same frames when the stream is cut at every byte, and byte by byte', () => {
  const list = [0, 1, 40].map((size, index) => ({
    dst: index,
    src: 0xffffffff - index,
    auth: 1,
    handle: 101,
    replyTo: 1000,
    payload: new Uint8Array(size).fill(size),
  }));
  const bytes = joined(list);
  for (let cut = 0; cut <= bytes.length; cut++) assert.deepEqual(readInPieces(bytes, [cut]), list);
  assert.deepEqual(
    readInPieces(
      bytes,
      Array.from({ length: bytes.length }, () => 1),
    ),
    list,
  );
});

test('FrameReader refuses a wrong magic and a wrong version at the first byte that shows it', () => {
  const good = encodeFrame({ dst: 1, src: 2, auth: 3, handle: 4, replyTo: 5, payload: new Uint8Array(3) });
  for (const at of [0, 1]) {
    const bad = good.slice();
    bad[at] = 0x41;
    const reader = new FrameReader({ peer: 'web-1' });
    assert.throws(
      () => reader.push(bad.subarray(0, at + 1)),
      (error) => codeOf(error) === 'WIRE_BAD_FRAME' && /web-1/.test(String(error)),
    );
    assert.throws(() => reader.push(good), /refused/, 'a reader is dead after an error');
  }
});

test('FrameReader refuses a payload above its limit by the header alone', () => {
  const reader = new FrameReader({ payloadBytes: 1000 });
  const head = encodeFrameHeader({ dst: 0, src: 0, auth: 0, handle: 1, replyTo: 0 }, 1001);
  assert.throws(
    () => reader.push(head),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
});

test('FrameReader holds memory for what has arrived, not for what a header claims', () => {
  const head = encodeFrameHeader({ dst: 0, src: 0, auth: 0, handle: 1, replyTo: 0 }, 128 * 1024 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 50 }, () => {
    const reader = new FrameReader();
    reader.push(head);
    reader.push(new Uint8Array(100));
    return reader;
  });
  assert.ok(process.memoryUsage().arrayBuffers - before < 4 * 1024 * 1024);
  assert.ok(readers.every((reader) => reader.isInsideFrame));
});

test('FrameReader takes a large frame in small pieces with work that is linear in its size', () => {
  const payload = new Uint8Array(32 * 1024 * 1024);
  const bytes = encodeFrame({ dst: 0, src: 0, auth: 0, handle: 1, replyTo: 0, payload });
  const reader = new FrameReader();
  const found: Frame[] = [];
  // Quadratic copying of this would move 256 GiB.
  for (let at = 0; at < bytes.length; at += 2048) found.push(...reader.push(bytes.subarray(at, at + 2048)));
  assert.equal(found[0]?.payload.length, payload.length);
  assert.equal(found.length, 1);
});

test('encodeFrame() refuses a payload above the limit before it allocates', () => {
  const head = { dst: 0, src: 0, auth: 0, handle: 1, replyTo: 0 };
  assert.throws(
    () => encodeFrameHeader(head, 128 * 1024 * 1024 + 1),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
  assert.equal(encodeFrameHeader(head, 0).length, FRAME_HEADER_BYTES);
});
