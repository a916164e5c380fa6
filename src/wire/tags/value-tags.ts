// What the bytes of values mean beside their tags.

export * as TAG from './tag-numbers.ts';

/** A byte from here to 0x7f is the whole number 0 to 63. */
export const SMALL_INT = 0x40;
/** A byte from here on is a string of that many ASCII characters, 0 to 127. */
export const SHORT_STRING = 0x80;

export const ERROR_HAS_CAUSE = 1;
export const ERROR_HAS_ERRORS = 2;

/** Buffers of this size and more are written by reference and may be read as views. */
export const LARGE_BYTES = 16_384;

/** An error, URL or regular expression counts as so many parts more: each costs as much memory as that many small objects. */
export const HEAVY_PARTS = 15;
