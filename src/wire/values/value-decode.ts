import { LIMITS } from '../limits.ts';
import { NOT_PLAIN, decodePlain } from './reading/plain-decoder.ts';
import type { DecodeOptions } from './value-options.ts';
import { ValueDecoder } from './reading/value-decoder.ts';

const OPEN: DecodeOptions = {};
const USUAL = { nodes: LIMITS.valueNodes, depth: LIMITS.valueDepth, stringBytes: LIMITS.stringBytes };

/**
 * Reads a value that encodeValue wrote. The bytes are hostile: time and memory are bounded by their length and the limits, nothing
 * of them runs, `__proto__` is a name like any other.
 * @throws ResproutError WIRE_BAD_VALUE (says what was seen at which byte), WIRE_LIMIT
 */
export function decodeValue(bytes: Uint8Array, options: DecodeOptions = OPEN): unknown {
  const { limits, shareBytes = false } = options;
  if (bytes.length <= (limits?.bytes ?? LIMITS.framePayloadBytes)) {
    const value = decodePlain(bytes, limits === undefined ? USUAL : { ...USUAL, ...limits }, shareBytes);
    if (value !== NOT_PLAIN) return value;
  }
  return new ValueDecoder(bytes, options).decode();
}
