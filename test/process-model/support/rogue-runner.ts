// A runner that is not ours: it speaks the protocol right up to GO and then sends what the test says. `node rogue-runner.ts`, with the
// descriptors of a runner; RESPROUT_ROGUE names the message.
import { readSync, writeSync } from 'node:fs';
import { encodeRowBytes } from '../../../src/durable/journal/events/row-codec.ts';
import { BARRIER_FLAG, rowFrame, valueFrame } from '../../../src/durable/journal/runner/runner-frames.ts';
import { FrameReader } from '../../../src/wire/frames/frame-reader.ts';
import { HANDLE } from '../../../src/wire/frames/handles.ts';
import { decodeValue } from '../../../src/wire/values/value-decode.ts';
import { encodeToBytes } from '../../../src/wire/values/value-encode.ts';

const site = { id: '', file: '', line: 0, column: 0 };
const timer = encodeRowBytes([{ t: 'timer', id: 0, delivered: 0, site, dueMs: 1, atMs: 1 }]);

/** Waits for START and GO. @returns the id of the session */
function begin(): string {
  const reader = new FrameReader({ peer: 'the owner' });
  const bytes = new Uint8Array(65_536);
  let session = '';
  for (;;) {
    const count = readSync(4, bytes);
    if (count === 0) process.exit(9);
    for (const frame of reader.push(bytes.slice(0, count))) {
      if (frame.handle === HANDLE.START) session = (decodeValue(frame.payload) as { session: string }).session;
      if (frame.handle === HANDLE.GO) return session;
    }
  }
}

const session = begin();
const right = { session, firstSeq: 1, count: 1, bytes: timer };
const append = (row: Partial<typeof right>, n = 1, flags = 0): Uint8Array =>
  rowFrame(HANDLE.APPEND, { n, flags, rows: [{ ...right, ...row }] });

/** The frame with its last bytes cut off, and its length set to what is left. */
function shorter(frame: Uint8Array, less: number): Uint8Array {
  const cut = frame.slice(0, -less);
  new DataView(cut.buffer).setUint32(22, cut.length - 26);
  return cut;
}

/** The frame with another length of its one row. */
function withRowLength(length: number): Uint8Array {
  const frame = append({});
  new DataView(frame.buffer).setUint32(26 + 8 + 1 + session.length + 8, length);
  return frame;
}

const WRONG: Readonly<Record<string, () => readonly Uint8Array[]>> = {
  'a first number that is taken': () => [append({ firstSeq: 0 })],
  'a first number that leaves a gap': () => [append({ firstSeq: 7 })],
  'more events than it says': () => [append({ bytes: new Uint8Array([...timer, ...timer]) })],
  'fewer events than it says': () => [append({ count: 2 })],
  'no events': () => [append({ count: 0 })],
  'an absurd count': () => [append({ count: 0xffff_fff0 })],
  'a length beyond its frame': () => [withRowLength(1 << 20)],
  'a length that ends in the middle of an event': () => [withRowLength(timer.length - 3)],
  'an end in its head': () => [shorter(append({}), timer.length + 5)],
  'the session of somebody else': () => [append({ session: 'ses_00000000000000000000000000' })],
  'no session': () => [append({ session: '' })],
  'bytes that are no event': () => [append({ bytes: new Uint8Array(timer.length).fill(0xff) })],
  'a frame number twice': () => [append({}), append({ firstSeq: 2 })],
  'a frame number left out': () => [append({}, 2)],
  'a barrier with a wrong row': () => [append({ firstSeq: 3 }, 1, BARRIER_FLAG)],
  'an end for another session': () => [
    valueFrame(
      HANDLE.ENDED,
      encodeToBytes({
        session: 'ses_00000000000000000000000000',
        events: 1,
        replayed: 1,
        how: 'done',
        bytes: new Uint8Array(0),
        dropped: [],
      }),
    ),
  ],
  'an end that the journal does not have': () => [
    valueFrame(HANDLE.ENDED, encodeToBytes({ session, events: 1, replayed: 1, how: 'done', bytes: new Uint8Array(0), dropped: [] })),
  ],
  'a message of the owner': () => [valueFrame(HANDLE.START, encodeToBytes({ session }))],
};

for (const frame of WRONG[process.env['RESPROUT_ROGUE'] ?? '']?.() ?? []) writeSync(5, frame);
// Its owner ends it, however late it comes to read what was sent.
setTimeout(() => {}, 60_000);
