import type { DatabaseSync } from 'node:sqlite';
import { makesTemporary, settingsIn } from './sql-text.ts';

/** What a new connection needs to be as the old one: settings, attached files and functions, in their order. */
export class SetUp {
  readonly #steps: ((db: DatabaseSync) => void)[] = [];
  #temporary = false;

  /** Whether something was made that no other connection can have. */
  get hasTemporary(): boolean {
    return this.#temporary;
  }

  /** Notes what a text of statements sets. */
  noteSql(sql: string): void {
    for (const statement of settingsIn(sql)) this.add((db) => db.exec(statement));
    if (makesTemporary(sql)) this.#temporary = true;
  }

  add(step: (db: DatabaseSync) => void): void {
    this.#steps.push(step);
  }

  /** The database was closed: nothing of it is left. */
  clear(): void {
    this.#steps.length = 0;
    this.#temporary = false;
  }

  apply(db: DatabaseSync): void {
    for (const step of this.#steps) step(db);
  }
}
