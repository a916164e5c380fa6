// First byte of every value. Part of the protocol and of journals: never renumber, never reuse.

export const TAG = {
  UNDEFINED: 0,
  NULL: 1,
  TRUE: 2,
  FALSE: 3,
  /** A whole number from 64 to 2^31 - 1, as varint. */
  INT: 4,
  /** A whole number from -1 to -2^31: varint of -n - 1. */
  NEGATIVE: 5,
  /** Any other number: 8 bytes, IEEE 754, big endian. */
  DOUBLE: 6,
  /** A string value of hexadecimal digits, with a minus sign before them when negative. */
  BIGINT: 7,
  /** Varint of bytes, then UTF-8. */
  STRING: 8,
  /** Varint of bytes, then UTF-16 little endian: for strings with lone surrogates. */
  STRING_16: 9,
  /** Varint of length, then that many values or HOLEs. */
  ARRAY: 10,
  /** As ARRAY, then fields as OBJECT has them. */
  ARRAY_WITH_FIELDS: 11,
  /** Varint of count, then key strings and values in turn. */
  OBJECT: 12,
  /** As OBJECT, of an object without prototype. */
  NULL_OBJECT: 13,
  /** Varint of count, then keys and values in turn. */
  MAP: 14,
  SET: 15,
  /** 8 bytes as DOUBLE: milliseconds since the epoch, NaN for an invalid date. */
  DATE: 16,
  /** Two strings, source and flags, then a number value, lastIndex. */
  REGEXP: 17,
  /** One byte for the kind, varint of bytes, then the bytes; elements little endian. */
  BYTES: 18,
  /** Class name, name, message, stack (string or undefined), 1 byte of ERROR_HAS flags, cause, errors, then fields as OBJECT has them. */
  ERROR: 19,
  /** Varint: the object that began as the so-manieth of this value, from 0. */
  REF: 20,
  /** One string. */
  URL: 21,
  /** Varint of the tag, then the payload value. */
  EXTENSION: 22,
  /** As EXTENSION, then fields as OBJECT has them. */
  EXTENSION_WITH_FIELDS: 23,
  /** Inside an array only. */
  HOLE: 24,
} as const;

/** A byte from here to 0x7f is the whole number 0 to 63. */
export const SMALL_INT = 0x40;
/** A byte from here on is a string of that many ASCII characters, 0 to 127. */
export const SHORT_STRING = 0x80;

export const ERROR_HAS_CAUSE = 1;
export const ERROR_HAS_ERRORS = 2;

/** Kinds of BYTES by number. A runtime without one of them (Float16Array before Node 24) refuses it. */
export const BYTES_KINDS = [
  'ArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
] as const;

/** Buffers of this size and more are written by reference and may be read as views. */
export const LARGE_BYTES = 16_384;
