import { ResproutError, isResproutError } from '../../../base/errors/errors.ts';
import { LIMITS, decodeValue, encodeToBytes } from '../../../wire/index.ts';
import { corrupt } from '../events/record-fields.ts';
import { Ghost } from './instance-extensions.ts';
import { journalExtensions } from './journal-extensions.ts';
import { liveReason, refusal } from './live-values.ts';
import { NotRecordable } from './not-recordable.ts';
import type { RecordOptions, ReplayOptions } from './record-options.ts';

/** A recorded value. */
export interface RecordedValue {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Fields that could not be written; the decoded copy throws when one is touched. */
  readonly ghosts: number;
}

/**
 * Writes a value for the journal: everything that crosses links, and Symbol.for, Buffer, URLSearchParams, Headers, Response, Request,
 * Blob, File, FormData, AbortSignal, boxed primitives, streams that were read, and the data fields of class instances.
 * The program sees the decoded copy on its first run too, so that a loss shows at once.
 * @throws NotRecordable (`isLive` tells a live object from data that cannot be written), ResproutError JOURNAL_VALUE_TOO_LARGE
 */
export function encodeRecorded(value: unknown, options: RecordOptions): RecordedValue {
  const root = options.root ?? 'result';
  const extensions = journalExtensions(options.kinds, options);
  const reason = liveReason(value, (candidate) => extensions.some((entry) => entry.withFields !== true && entry.matches(candidate)));
  if (reason !== undefined) throw new NotRecordable({ isLive: true, path: root, ...reason });
  let ghosts = 0;
  const salvage = (error: unknown): unknown => {
    if (!(error instanceof NotRecordable)) throw error;
    ghosts++;
    return new Ghost(error.why);
  };
  const limitBytes = options.limitBytes ?? LIMITS.recordedValueBytes;
  try {
    const bytes = encodeToBytes(value, {
      root,
      extensions,
      limits: { depth: LIMITS.recordedValueDepth, bytes: limitBytes },
      isProxy: (candidate) => options.kinds.isProxy(candidate),
      refuse: refusal,
      arrayClasses: true,
      ...(options.ghosts === false ? {} : { salvage }),
    });
    return { bytes, ghosts };
  } catch (error) {
    if (!isResproutError(error) || error.code !== 'WIRE_LIMIT') throw error;
    throw new ResproutError(
      'JOURNAL_VALUE_TOO_LARGE',
      `${root} is too large to be recorded: ${error.problem.saw ?? error.message}`,
      { tried: `record ${root}`, saw: `it is larger than ${limitBytes} bytes or ${LIMITS.valueNodes} parts` },
      { cause: error },
    );
  }
}

/** Reads a recorded value. The bytes are hostile. @throws ResproutError JOURNAL_CORRUPT */
export function decodeRecorded(bytes: Uint8Array, options: ReplayOptions): unknown {
  try {
    return decodeValue(bytes, {
      extensions: journalExtensions(options.kinds, {}),
      limits: { depth: LIMITS.recordedValueDepth, bytes: LIMITS.eventBytes },
      ...(options.errorClass === undefined ? {} : { errorClass: options.errorClass }),
    });
  } catch (cause) {
    throw corrupt('a recorded value is not one of the codec', cause);
  }
}
