import type { DatabaseSync } from 'node:sqlite';
import type { ResproutError } from '../../../../base/errors/errors.ts';

/** What the objects of a database see of it. */
export interface Connection {
  /** The program's object. */
  readonly shell: object;
  /**
   * Makes a call, recorded with its data. In an activity it is only made. @param run makes it on the database
   * @throws what it throws; ResproutError LIVE_OBJECT_LOST
   */
  leave<T>(method: string, args: readonly unknown[], isEffect: boolean, run: (db: DatabaseSync) => T): T;
  /** Statements have run: notes what another connection needs of them. */
  noteSql(sql: string): void;
  /** Something went with the process that had opened it. */
  lostError(what: string, why: string): ResproutError;
}
