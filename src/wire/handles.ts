// Numbered mailboxes. Numbers are part of the protocol (docs/protocol.md): never renumber, never reuse.

/** The fixed handles of a context on its link, and the kinds of frames on the journal channels (fds 4 and 5 of a local runner). */
export const HANDLE = {
  /** Child to parent: importer and specifier of a module it needs. */
  GET_MODULE: 100,
  /** Parent to child: run a function. */
  CALL: 101,
  /** Child to parent: one log line. */
  LOG: 102,
  /** Child to parent: a context below it exists. */
  ADD_ROUTE: 103,
  /** Both ways: a context is gone. */
  DEL_ROUTE: 104,
  /** Child to controller: a block of context ids. */
  ALLOCATE_ID: 105,
  /** Parent to child: end within the grace. */
  SHUTDOWN: 106,
  /** Parent to child: files and their resolution. */
  LOAD_MODULE: 107,
  /** Child to parent: captured bytes of stdout or stderr. */
  OUTPUT: 108,
  /** Parent to child: the first frame, which says who the new context is. */
  SETUP: 109,
  /** Child to parent: the first frame of a context. */
  HELLO: 110,
  /** Controller to an intermediary: open a context below it. */
  CONNECT: 120,
  /** Parent to child: answer at once. */
  PING: 121,
  /** Intermediary to controller: a question of ssh or sudo. */
  ASK: 122,
  /** Both ways: the signal of a call or value has aborted. */
  ABORT: 124,
  /** Child to its ancestors: last words of a process that ends by itself. */
  EXITING: 125,
  /** Both ways: a piece of a channel. */
  CHANNEL_DATA: 126,
  /** Both ways: the reader takes so many bytes more. */
  CHANNEL_CREDIT: 127,
  /** Both ways: a large message begins; its pieces follow as TRANSFER_DATA. */
  TRANSFER: 128,
  /** Both ways: u32 number of the transfer and raw bytes. */
  TRANSFER_DATA: 129,
  /** Both ways: u32 number of the transfer and u32 bytes that the receiver takes more. */
  TRANSFER_CREDIT: 130,
  /** Owner to runner: park within the grace. */
  PARK: 140,
  /** Owner to runner: cancel a session within the grace. */
  CANCEL: 141,
  /** Runner to owner: parked, with the calls that were under way. */
  PARKED: 142,
  /** Runner to owner: a computed import needs files that the build does not have. */
  LATE_MODULE: 143,
  /** Runner to owner, fd 5: rows. */
  APPEND: 200,
  /** Owner to runner, fd 4: all appends up to a number are on disk. */
  COMMITTED: 201,
  /** Owner to runner, fd 5: the answer of a barrier. */
  DURABLE: 202,
  /** Owner to runner, fds 4 and 5: another owner has taken over. */
  FENCED: 203,
  /** Owner to runner, fd 4: the session to run. */
  START: 204,
  /** Owner to runner, fd 4: rows as stored. */
  HISTORY: 205,
  /** Owner to runner, fd 4: the history is complete. */
  GO: 206,
  /** Owner to runner, fd 4: something from outside. */
  DELIVER: 207,
  /** Runner to owner: something for the screen. */
  REPORT: 208,
  /** Runner to owner, fd 5: a session is over, with its result. */
  ENDED: 209,
} as const;

/** A fixed handle. */
export type FixedHandle = (typeof HANDLE)[keyof typeof HANDLE];

/** As `replyTo` of a frame: the answer will never come; the payload is a value that says why, or empty. */
export const DEAD = 999;

/** Handles from here on are given out by a context for answers and channels; they are never reused. */
export const FIRST_DYNAMIC_HANDLE = 1000;

const names = new Map<number, string>(Object.entries(HANDLE).map(([name, handle]) => [handle, name]));

/** Name of a handle for messages and traces: `CALL`, or `#1003` for a dynamic one. */
export function handleName(handle: number): string {
  return names.get(handle) ?? `#${handle}`;
}
