// Records of journal version 1, which said nothing of the order of deliveries: such sessions can be shown, and not resumed.
import { END_KINDS } from './event-record.ts';
import type { JournalEvent } from './event.ts';
import type { RecordFields } from './record-fields.ts';

/** What issues of version 1 have in the place of a number of deliveries. */
const NOT_RECORDED = { delivered: 0 } as const;

/** Readers by kind. */
export const VERSION_1: Readonly<Record<number, (fields: RecordFields) => JournalEvent>> = {
  0: (fields) => {
    const start = {
      t: 'start',
      version: fields.count(),
      atMs: fields.ms(),
      session: fields.text(),
      seed: fields.bytes(),
      build: fields.text(),
      file: fields.text(),
      exportName: fields.text(),
      folder: fields.text(),
      argv: fields.texts(),
      data: fields.bytes(),
      envHashes: fields.textsByName(),
    } as const;
    fields.counts();
    return start;
  },
  1: (fields) => {
    const call = {
      t: 'call',
      id: fields.count(),
      ...NOT_RECORDED,
      fn: fields.text(),
      site: fields.site(),
      argsHash: fields.text(),
      atMs: fields.ms(),
    } as const;
    return fields.flag() ? { ...call, atMostOnce: true } : call;
  },
  2: (fields) => ({
    t: 'sync',
    id: fields.count(),
    ...NOT_RECORDED,
    fn: fields.text(),
    site: fields.site(),
    argsHash: fields.text(),
    atMs: fields.ms(),
    outcome: fields.outcome(),
  }),
  3: (fields) => ({
    t: 'timer',
    id: fields.count(),
    ...NOT_RECORDED,
    site: fields.site(),
    dueMs: fields.ms(),
    atMs: fields.ms(),
  }),
  9: (fields) => {
    const atMs = fields.ms();
    const how = END_KINDS[fields.count()] ?? fields.fail('a kind of end');
    const bytes = fields.bytes();
    const exitCode = fields.optional(() => fields.count());
    const dropped = fields.texts();
    const note = fields.optional(() => fields.text());
    return {
      t: 'end',
      atMs,
      how,
      bytes,
      dropped,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(note === undefined ? {} : { note }),
    };
  },
};
