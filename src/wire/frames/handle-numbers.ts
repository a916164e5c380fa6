// The fixed handles, one constant each, so that a bundle holds only those that it uses. Part of the protocol (docs/protocol.md): never
// renumber, never reuse.

/** Child to parent: importer and specifier of a module it needs. */
export const GET_MODULE = 100;
/** Parent to child: run a function. */
export const CALL = 101;
/** Child to parent: one log line. */
export const LOG = 102;
/** Child to parent: a context below it exists. */
export const ADD_ROUTE = 103;
/** Both ways: a context is gone. */
export const DEL_ROUTE = 104;
/** Parent to child: end within the grace. */
export const SHUTDOWN = 106;
/** Parent to child: files and their resolution. */
export const LOAD_MODULE = 107;
/** Parent to child: the first frame, which says who the new context is. */
export const SETUP = 109;
/** Child to parent: the first frame of a context. */
export const HELLO = 110;
/** Parent to child: the second part of the core, compressed; behind SETUP. */
export const TEXT = 111;
/** Parent to child: the text that makes an intermediary of it, compressed; once, before the first CONNECT. */
export const BROKER_TEXT = 112;
/** Intermediary to the opener: how a context below it has ended. */
export const BELOW_ENDED = 113;
/** Opener to an intermediary: end a context below it by force. */
export const END_BELOW = 114;
/** Controller to an intermediary: open a context below it. */
export const CONNECT = 120;
/** Parent to child: answer at once. */
export const PING = 121;
/** Intermediary to controller: a question of ssh or sudo. */
export const ASK = 122;
/** Intermediary to the opener: what a far side without Node says; answered with bytes for it. */
export const PUSH = 123;
/** Both ways: the signal of a call or value has aborted. */
export const ABORT = 124;
/** Child to its ancestors: last words of a process that ends by itself. */
export const EXITING = 125;
/** Reader to producer of a channel: it takes so many steps more, which go to the mailbox that came with the first of these. */
export const CHANNEL_CREDIT = 127;
/** Both ways: a large message begins; its pieces follow as TRANSFER_DATA. */
export const TRANSFER = 128;
/** Both ways: u32 number of the transfer and raw bytes. */
export const TRANSFER_DATA = 129;
/** Both ways: u32 number of the transfer and u32 bytes that the receiver takes more. */
export const TRANSFER_CREDIT = 130;
/** Controller to child: live on without this link, for a time; answered with the place where it can be found. */
export const DETACH = 131;
/** Owner to runner: park within the grace. */
export const PARK = 140;
/** Owner to runner: cancel a session within the grace. */
export const CANCEL = 141;
/** Runner to owner: parked, with the calls that were under way. */
export const PARKED = 142;
/** Runner to owner: a computed import needs files that the build does not have. */
export const LATE_MODULE = 143;
/** Owner to runner: which contexts are open? Runner to owner: these, and what they do. */
export const TREE = 144;
/** Runner to owner, fd 5: rows. */
export const APPEND = 200;
/** Owner to runner, fd 4: all appends up to a number are on disk. */
export const COMMITTED = 201;
/** Owner to runner, fd 5: the answer of a barrier. */
export const DURABLE = 202;
/** Owner to runner, fd 4: the session to run. */
export const START = 204;
/** Owner to runner, fd 4: rows as stored. */
export const HISTORY = 205;
/** Owner to runner, fd 4: the history is complete. */
export const GO = 206;
/** Owner to runner, fd 4: something from outside. */
export const DELIVER = 207;
/** Runner to owner: something for the screen. */
export const REPORT = 208;
/** Runner to owner, fd 5: a session is over, with its result. */
export const ENDED = 209;
/** Runner to owner, fd 5: the text of a Secret that the program has made, which must not be shown. Main waits for the answer. */
export const SECRET = 210;
/** Owner to runner, fd 5: the Secret is known. */
export const KNOWN = 211;
