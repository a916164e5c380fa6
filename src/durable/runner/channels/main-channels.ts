// The main thread's own channels to the owner. fd 4 is read by the event loop; fd 5 is written and read blocking, and never made a socket:
// a barrier waits there while the event loop stands still. When the owner is gone, whoever sees it first ends the process and its group.
import { FRAME_HEADER_BYTES, type Frame } from '../../../wire/frames/frame.ts';
import { FrameReader } from '../../../wire/frames/frame-reader.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { openReadChannel, readFull, writeAll } from '../../../platform/links/fd-channel.ts';
import { endOwnGroup } from '../../../platform/process/process-group.ts';
import type { SinkChannel } from './journal-sink.ts';

const OWNER_FD = 4;
const ROWS_FD = 5;
const COUNTERS_BYTES = 8;

/** Begins to read what the owner sends to main. */
export function readOwner(take: (frame: Frame) => void): void {
  const reader = new FrameReader({ peer: 'the owner' });
  openReadChannel(OWNER_FD, {
    onData: (bytes) => {
      for (const frame of reader.push(bytes)) take(frame);
    },
    onEnd: () => endOwnGroup(),
  });
}

/** Writes a frame that is no row: ENDED, REPORT. */
export function writeFrame(frame: Uint8Array): void {
  try {
    writeAll(ROWS_FD, frame);
  } catch {
    endOwnGroup();
  }
}

/** fd 5 as the channel of a sink. */
export const rowsChannel: SinkChannel = {
  send: writeFrame,
  barrier(frame, n) {
    writeFrame(frame);
    while (readAnswer(HANDLE.DURABLE) < n);
  },
};

/** Hands a frame over and blocks until the owner says that it knows. Does not return when there is no such answer. */
export function writeKnown(frame: Uint8Array): void {
  writeFrame(frame);
  readAnswer(HANDLE.KNOWN);
}

/** Waits for the next answer on fd 5 and gives its number. EOF and an answer of another kind: neither may come back into the program. */
function readAnswer(handle: number): number {
  const answer = new Uint8Array(FRAME_HEADER_BYTES + COUNTERS_BYTES);
  let isWhole: boolean;
  try {
    isWhole = readFull(ROWS_FD, answer);
  } catch {
    isWhole = false;
  }
  if (!isWhole) endOwnGroup();
  const [reply] = new FrameReader({ peer: 'the owner' }).push(answer);
  if (reply?.handle !== handle) endOwnGroup();
  return new DataView(reply.payload.buffer, reply.payload.byteOffset).getUint32(0);
}
