import type { DecodeOptions } from './value-options.ts';
import { ValueDecoder } from './value-decoder.ts';

/**
 * Reads a value that encodeValue wrote. The bytes are hostile: time and memory are bounded by their length and the limits, nothing
 * of them runs, `__proto__` is a name like any other.
 * @throws ResproutError WIRE_BAD_VALUE (says what was seen at which byte), WIRE_LIMIT
 */
export function decodeValue(bytes: Uint8Array, options: DecodeOptions = {}): unknown {
  return new ValueDecoder(bytes, options).decode();
}
