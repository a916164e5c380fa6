// Tags of codec extensions. Part of the protocol and of journals: never renumber, never reuse.

/** Tags that cross links. */
export const REMOTE_TAG = {
  BUFFER: 1,
  CONTEXT: 2,
  CHANNEL_READER: 3,
  CHANNEL_WRITER: 4,
  ABORT_SIGNAL: 5,
  SECRET: 6,
  BLOB: 7,
} as const;

/** Tags that stand in journals. `REMOTE_TAG.BUFFER` and `REMOTE_TAG.SECRET` mean the same there. */
export const JOURNAL_TAG = {
  SYMBOL: 32,
  SEARCH_PARAMS: 33,
  HEADERS: 34,
  RESPONSE: 35,
  REQUEST: 36,
  BLOB: 37,
  FILE: 38,
  FORM_DATA: 39,
  ABORT_SIGNAL: 40,
  BOXED: 41,
  STREAM: 42,
  INSTANCE: 43,
  GHOST: 44,
  KEY: 48,
} as const;
