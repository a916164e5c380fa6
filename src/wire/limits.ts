// The one table of limits. The unit is in the name; the reason stands with each. The receiver enforces them, the sender checks first
// where it can, so that an honest program gets an error at its own line and only a hostile one loses its link.

/** All limits of the protocol, the codec and the journal. */
export interface Limits {
  /** Payload of one frame, bytes. The largest honest frames are module batches and single large values; channels cut at `chunkBytes`. */
  readonly framePayloadBytes: number;
  /** Piece of a large payload on a channel, bytes. Small enough that a call behind it waits under 2 ms on a 100 MB/s link. */
  readonly chunkBytes: number;
  /** Values in one payload, count. A million objects is 10 times the largest honest result and decodes in about a second. */
  readonly valueNodes: number;
  /** Nesting of one value, levels. Deep enough for any data people write, shallow enough for the stack of a worker thread. */
  readonly valueDepth: number;
  /** One string, UTF-8 bytes. Node itself stops at 512 MiB; larger texts belong on a channel. */
  readonly stringBytes: number;
  /** Message or stack of an error, UTF-16 units. Longer ones are cut: they are read by people. */
  readonly errorTextChars: number;
  /** Source of a regular expression, UTF-16 units. It is parsed when decoded. */
  readonly regExpChars: number;
  /** A bigint, hexadecimal digits. */
  readonly bigintDigits: number;
  /** Control frames from a child, per second; above it reading pauses. */
  readonly controlFramesPerSecond: number;
  /** Control frames from a child, burst. A wide Promise.all is one burst. */
  readonly controlFramesBurst: number;
  /** Unsent bytes on one link; then its sources wait. */
  readonly linkBufferBytes: number;
  /** Unsent bytes of a whole router; then every source waits. */
  readonly routerBufferBytes: number;
  /** Routes below one child, count. */
  readonly routesPerChild: number;
  /** Contexts between the controller and the deepest one, levels. */
  readonly routeDepth: number;
  /** Context ids in one block, count. */
  readonly idsPerBlock: number;
  /** Blocks of ids that one link may ask for, count. */
  readonly idBlocksPerLink: number;
  /** Open handles of one context, count. */
  readonly handles: number;
  /** Calls waiting for an answer on one context, count. Past this the peer does not read. */
  readonly pendingCalls: number;
  /** Calls that run at once in one context, count. */
  readonly concurrentCalls: number;
  /** Calls of one chain that were sent and not answered, count. */
  readonly chainedCalls: number;
  /** Name of a context, UTF-16 units. It is shown in every line of its output. */
  readonly contextNameChars: number;
  /** Module text served to one context, bytes. */
  readonly moduleBytesPerContext: number;
  /** Text of one module, bytes. */
  readonly moduleBytes: number;
  /** Modules that one context asks for late, count. */
  readonly lateModules: number;
  /** Log of one context, bytes per second. */
  readonly logBytesPerSecond: number;
  /** Log of one context that waits to be shown, bytes; the oldest lines go first and are counted. */
  readonly logQueueBytes: number;
  /** One log line, bytes; the rest of it is cut. */
  readonly logLineBytes: number;
  /** Output of a connection before the marker, bytes: banners and prompts. */
  readonly bannerBytes: number;
  /** Unread bytes of one channel; the credit that a reader gives. */
  readonly channelWindowBytes: number;
  /** One recorded value, bytes. Above it the call fails with JOURNAL_VALUE_TOO_LARGE. */
  readonly recordedValueBytes: number;
  /** Nesting of one recorded value, levels. Results of parsers are deeper than what people send. */
  readonly recordedValueDepth: number;
  /** Events of a session after which it is warned, count. */
  readonly sessionEventsWarn: number;
  /** One event in a row, bytes: a recorded value and its call site. */
  readonly eventBytes: number;
  /** Unsent journal bytes of a runner at which a row leaves. */
  readonly rowBytes: number;
  /** Unanswered journal bytes of a runner at which it waits at a barrier. */
  readonly unansweredBytes: number;
  /** Bytes for one runner that its owner keeps unsent. */
  readonly ownerBufferBytes: number;
  /** Free bytes that must stay on the file system of a store; below it an append waits for space. */
  readonly storeFreeBytes: number;
}

const KiB = 1024;
const MiB = 1024 * 1024;

/** The limits in force. */
export const LIMITS: Limits = {
  framePayloadBytes: 128 * MiB,
  chunkBytes: 128 * KiB,
  valueNodes: 1_000_000,
  valueDepth: 64,
  stringBytes: 64 * MiB,
  errorTextChars: 64 * KiB,
  regExpChars: 64 * KiB,
  bigintDigits: 256 * KiB,
  controlFramesPerSecond: 2000,
  controlFramesBurst: 10_000,
  linkBufferBytes: 8 * MiB,
  routerBufferBytes: 256 * MiB,
  routesPerChild: 4096,
  routeDepth: 32,
  idsPerBlock: 1000,
  idBlocksPerLink: 64,
  handles: 65_536,
  pendingCalls: 10_000,
  concurrentCalls: 64,
  chainedCalls: 1000,
  contextNameChars: 100,
  moduleBytesPerContext: 256 * MiB,
  moduleBytes: 32 * MiB,
  lateModules: 10_000,
  logBytesPerSecond: MiB,
  logQueueBytes: 4 * MiB,
  logLineBytes: 8 * KiB,
  bannerBytes: 64 * KiB,
  channelWindowBytes: MiB,
  recordedValueBytes: 16 * MiB,
  recordedValueDepth: 200,
  sessionEventsWarn: 10_000,
  eventBytes: 17 * MiB,
  rowBytes: 64 * KiB,
  unansweredBytes: MiB,
  ownerBufferBytes: 8 * MiB,
  storeFreeBytes: 16 * MiB,
};
