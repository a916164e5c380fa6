// The one table of limits, one constant each, so that a bundle holds only those that it uses. The unit is in the name; the reason stands
// with each. The receiver enforces them, the sender checks first where it can, so that an honest program gets an error at its own line
// and only a hostile one loses its link.

const KiB = 1024;
const MiB = 1024 * 1024;

/** Payload of one frame, bytes. The largest honest frames are module batches and single large values; channels cut at `chunkBytes`. */
export const framePayloadBytes: number = 128 * MiB;
/** Piece of a large payload on a channel, bytes. Small enough that a call behind it waits under 2 ms on a 100 MB/s link. */
export const chunkBytes: number = 128 * KiB;
/** Values in one payload, count. A million objects is 10 times the largest honest result and decodes in about a second. */
export const valueNodes: number = 1_000_000;
/** Nesting of one value, levels. Deep enough for any data people write, shallow enough for the stack of a worker thread. */
export const valueDepth: number = 64;
/** One string, UTF-8 bytes. Node itself stops at 512 MiB; larger texts belong on a channel. */
export const stringBytes: number = 64 * MiB;
/** Message or stack of an error, UTF-16 units. Longer ones are cut: they are read by people. */
export const errorTextChars: number = 64 * KiB;
/** Source of a regular expression, UTF-16 units. It is parsed when decoded. */
export const regExpChars: number = 64 * KiB;
/** A bigint, hexadecimal digits. */
export const bigintDigits: number = 256 * KiB;
/** Control frames from a child, per second; above it reading pauses. */
export const controlFramesPerSecond: number = 2000;
/** Control frames from a child, burst. A wide Promise.all is one burst. */
export const controlFramesBurst: number = 10_000;
/** Answers that a child asked for and does not read, bytes; past it the link ends. An honest child waits for its answers. */
export const unreadAnswerBytes: number = 4 * MiB;
/** Unsent bytes of a whole router; then every source waits. */
export const routerBufferBytes: number = 256 * MiB;
/** Routes below one child, count. */
export const routesPerChild: number = 4096;
/** Calls waiting for an answer on one context, count. Past this the peer does not read. */
export const pendingCalls: number = 10_000;
/** Calls that run at once in one context, count. */
export const concurrentCalls: number = 64;
/** Calls of one chain that were sent and not answered, count. */
export const chainedCalls: number = 1000;
/** Name of a context, UTF-16 units. It is shown in every line of its output. */
export const contextNameChars: number = 128;
/** Module text served to one context, bytes. */
export const moduleBytesPerContext: number = 256 * MiB;
/** Modules that one context asks for late, count. */
export const lateModules: number = 10_000;
/** Log of one context, bytes per second. */
export const logBytesPerSecond: number = MiB;
/** Log of one context that waits to be shown, bytes; the oldest lines go first and are counted. */
export const logQueueBytes: number = 4 * MiB;
/** What a log line costs besides its text, bytes: its stream and level on the way, a line of its own where it is shown. */
export const logLineOverheadBytes: number = 32;
/** Log lines that wait in a far process for its link, count of bytes with their overhead. Calls and answers go first. */
export const logWaitingBytes: number = 256 * KiB;
/** One log line, bytes; the rest of it is cut. */
export const logLineBytes: number = 8 * KiB;
/** Unread bytes of one channel; the credit that a reader gives. */
export const channelWindowBytes: number = MiB;
/** One recorded value, bytes. Above it the call fails with JOURNAL_VALUE_TOO_LARGE. */
export const recordedValueBytes: number = 16 * MiB;
/** Answer of an HTTP request that is recorded as one value, bytes. A longer one is given to the program as it comes. Far below a recorded value, since it
 * waits in memory until its end. */
export const wholeAnswerBytes: number = 4 * MiB;
/** How long the body of an answer may take to be recorded as one value, milliseconds from its head. A program that waits for the first pieces
 * waits as long. */
export const wholeAnswerMs: number = 2000;
/** Nesting of one recorded value, levels. Results of parsers are deeper than what people send. */
export const recordedValueDepth: number = 200;
/** One event in a row, bytes: a recorded value and its call site. */
export const eventBytes: number = 17 * MiB;
/** Unsent journal bytes of a runner at which a row leaves. */
export const rowBytes: number = 64 * KiB;
/** Unanswered journal bytes of a runner at which it waits at a barrier. */
export const unansweredBytes: number = MiB;
/** Free bytes that must stay on the file system of a store; below it an append waits for space. */
export const storeFreeBytes: number = 16 * MiB;
