// Messages to a thread or from it: one as it is, several as one, each behind its length.
import { ResproutError } from '../../base/errors/errors.ts';

const LENGTH_BYTES = 4;
/** Buffers from here on are given away and not copied; for small ones that costs more. */
const GIVEN_BYTES = 65_536;

/** A thread, or the port of one. */
interface Port {
  postMessage(value: unknown): void;
  postMessage(value: unknown, given: ArrayBuffer[]): void;
}

/** Sends messages as one. */
export function postPacked(to: Port, messages: readonly Uint8Array[]): void {
  if (messages.length === 1) return to.postMessage(messages[0]);
  const whole = packed(messages);
  if (whole.length < GIVEN_BYTES) to.postMessage([whole]);
  else to.postMessage([whole], [whole.buffer]);
}

function packed(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(messages.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  const view = new DataView(whole.buffer);
  let at = 0;
  for (const message of messages) {
    view.setUint32(at, message.length);
    whole.set(message, at + LENGTH_BYTES);
    at += LENGTH_BYTES + message.length;
  }
  return whole;
}

/** The messages of one that came. @throws ResproutError WIRE_BAD_FRAME when it is not what `postPacked` sent */
export function unpacked(value: unknown): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  const whole: unknown = Array.isArray(value) ? value[0] : undefined;
  if (!(whole instanceof Uint8Array)) throw bad(`a message is ${value === null ? 'null' : typeof value}`);
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < whole.length;) {
    const from = at + LENGTH_BYTES;
    const length = from <= whole.length ? view.getUint32(at) : Infinity;
    if (length > whole.length - from) throw bad(`a message is cut off behind byte ${at} of ${whole.length}`);
    messages.push(whole.subarray(from, from + length));
    at = from + length;
  }
  return messages;
}

function bad(saw: string): ResproutError {
  return new ResproutError('WIRE_BAD_FRAME', `${saw}, and is none of ours`, { saw });
}
