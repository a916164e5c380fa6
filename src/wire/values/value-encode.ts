import type { EncodedValue, Written } from '../bytes/byte-writer.ts';
import type { EncodeOptions } from './value-options.ts';
import { ValueEncoder } from './value-encoder.ts';

/**
 * Writes a value. Buffers of 16 KiB and more are not copied: they must not change until the chunks have been sent.
 * Getters of plain objects are read once; symbol keys and own fields of Map, Set, Date and RegExp are left out.
 * @param roomBytes left free at the beginning of the first chunk, for a head of the caller's; counted in the length
 * @throws ResproutError REMOTE_VALUE_UNSENDABLE (names the path and what stands there), WIRE_LIMIT (too deep, too large)
 */
export function encodeValue(value: unknown, options: EncodeOptions = {}, roomBytes: number = 0): EncodedValue {
  return new ValueEncoder(options).encode(value, (out) => ({ chunks: out.chunks(roomBytes), byteLength: out.byteLength + roomBytes }));
}

/** Writes a value into one buffer of its own. @throws as encodeValue */
export function encodeToBytes(value: unknown, options: EncodeOptions = {}): Uint8Array<ArrayBuffer> {
  return new ValueEncoder(options).encode(value, (out) => out.whole());
}

/** Writes a value that becomes part of another one at once, as its bytes. @throws as encodeValue */
export function encodePart(value: unknown, options: EncodeOptions = {}): Uint8Array | Written {
  return new ValueEncoder(options).encode(value, (out) => out.part());
}
