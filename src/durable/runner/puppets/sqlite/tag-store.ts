import type { Connection } from './connection.ts';
import { newStatement, statements, type StatementHalf } from './statement-half.ts';

const DEFAULT_CAPACITY = 1000;

/** Statements by their texts, for template literals. The oldest goes when there are too many. */
export class TagStore {
  readonly #db: Connection;
  readonly #known = new Map<string, StatementHalf>();
  readonly capacity: number;

  constructor(db: Connection, capacity: number = DEFAULT_CAPACITY) {
    this.#db = db;
    this.capacity = capacity;
  }

  get db(): object {
    return this.#db.shell;
  }

  get size(): number {
    return this.#known.size;
  }

  #statement(texts: readonly string[]): StatementHalf {
    const sql = texts.join('?');
    const found = this.#known.get(sql) ?? statements.get(newStatement(this.#db, sql));
    if (found === undefined) throw new TypeError('the statement was not prepared');
    this.#known.delete(sql);
    this.#known.set(sql, found);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.capacity && oldest !== undefined) this.#known.delete(oldest);
    return found;
  }

  get(texts: readonly string[], ...params: readonly unknown[]): unknown {
    return this.#statement(texts).get(...params);
  }

  all(texts: readonly string[], ...params: readonly unknown[]): unknown[] {
    return this.#statement(texts).all(...params);
  }

  iterate(texts: readonly string[], ...params: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement(texts).iterate(...params);
  }

  run(texts: readonly string[], ...params: readonly unknown[]): unknown {
    return this.#statement(texts).run(...params);
  }

  clear(): void {
    this.#known.clear();
  }
}
