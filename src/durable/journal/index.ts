export type * from './events/event.ts';
export { NotRecordable } from './values/not-recordable.ts';
export type { RecordOptions } from './values/record-options.ts';
export { decodeRecorded, encodeRecorded } from './values/recorded-value.ts';
export { settleBodies } from './bodies/settle-bodies.ts';
export { hashArgs } from './hashes/hash-args.ts';
export { decodeRowBytes, encodeEvent, encodeRowBytes, joinEvents, splitRowBytes } from './events/row-codec.ts';
export { parseEvent } from './events/parse-event.ts';
