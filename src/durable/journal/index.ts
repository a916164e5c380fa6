export type * from './event.ts';
export { NotRecordable } from './not-recordable.ts';
export type { RecordOptions } from './record-options.ts';
export { decodeRecorded, encodeRecorded } from './recorded-value.ts';
export { settleBodies } from './settle-bodies.ts';
export { hashArgs } from './hash-args.ts';
export { decodeRowBytes, encodeEvent, encodeRowBytes, joinEvents, splitRowBytes } from './row-codec.ts';
export { parseEvent } from './parse-event.ts';
