import { ResproutError } from '../../../base/errors/errors.ts';

/** Says that a value has no form in the journal. Replay takes it apart: a live result is made again instead. */
export class NotRecordable extends ResproutError {
  /**
   * Whether the value is an object that lives in its process (function, class with behaviour, iterator, promise, proxy): then it can
   * be made again by its call. False: it is data of a kind that cannot be written (a unique symbol, too deep, a Secret).
   */
  readonly isLive: boolean;
  /** Class of the value that could not be written, such as `Client`; `Function` for functions. */
  readonly className: string;
  /** Where it stands, such as `result.client.socket`. */
  readonly path: string;
  /** Such as `is a Socket`. */
  readonly why: string;

  constructor(fields: { readonly isLive: boolean; readonly className: string; readonly path: string; readonly why: string }) {
    super('JOURNAL_VALUE_UNRECORDABLE', `${fields.path} ${fields.why}`, {
      tried: `record ${fields.path}`,
      saw: `it ${fields.why}, which has no form in the journal`,
    });
    this.isLive = fields.isLive;
    this.className = fields.className;
    this.path = fields.path;
    this.why = fields.why;
  }
}
