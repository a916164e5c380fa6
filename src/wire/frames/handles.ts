// Numbered mailboxes.

/** The fixed handles of a context on its link, and the kinds of frames on the journal channels (fds 4 and 5 of a local runner). */
export * as HANDLE from './handle-numbers.ts';

/** As `replyTo` of a frame: the answer will never come; the payload is a value that says why, or empty. */
export const DEAD = 999;

/** Handles from here on are given out by a context for answers and channels; they are never reused. */
export const FIRST_DYNAMIC_HANDLE = 1000;
