// First byte of every value. Part of the protocol and of journals (docs/protocol.md): never renumber, never reuse.

export const UNDEFINED = 0;
export const NULL = 1;
export const TRUE = 2;
export const FALSE = 3;
/** A whole number from 64 to 2^31 - 1, as varint. */
export const INT = 4;
/** A whole number from -1 to -2^31: varint of -n - 1. */
export const NEGATIVE = 5;
/** Any other number: 8 bytes, IEEE 754, big endian. */
export const DOUBLE = 6;
/** A string value of hexadecimal digits, with a minus sign before them when negative. */
export const BIGINT = 7;
/** Varint of bytes, then UTF-8. */
export const STRING = 8;
/** Varint of bytes, then UTF-16 little endian: for strings with lone surrogates. */
export const STRING_16 = 9;
/** Varint of length, then that many values or HOLEs. */
export const ARRAY = 10;
/** As ARRAY, then fields as OBJECT has them. */
export const ARRAY_WITH_FIELDS = 11;
/** Varint of count, then key strings and values in turn. */
export const OBJECT = 12;
/** As OBJECT, of an object without prototype. */
export const NULL_OBJECT = 13;
/** Varint of count, then keys and values in turn. */
export const MAP = 14;
export const SET = 15;
/** 8 bytes as DOUBLE: milliseconds since the epoch, NaN for an invalid date. */
export const DATE = 16;
/** Two strings, source and flags, then a number value, lastIndex. */
export const REGEXP = 17;
/** One byte for the kind, varint of bytes, then the bytes; elements little endian. */
export const BYTES = 18;
/** Class name, name, message, stack (string or undefined), 1 byte of ERROR_HAS flags, cause, errors, then fields as OBJECT has them. */
export const ERROR = 19;
/** Varint: the object that began as the so-manieth of this value, from 0. */
export const REF = 20;
/** One string. */
export const URL = 21;
/** Varint of the tag, then the payload value. */
export const EXTENSION = 22;
/** As EXTENSION, then fields as OBJECT has them. */
export const EXTENSION_WITH_FIELDS = 23;
/** Inside an array only. */
export const HOLE = 24;
