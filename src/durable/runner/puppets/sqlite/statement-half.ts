// A prepared statement of a program. It is prepared again by its text when an earlier process had prepared it.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Connection } from './connection.ts';
import { NativeStatement } from './natives.ts';
import { packRows, unpackRows, type PackedRows } from './rows.ts';
import { isRead } from './sql-text.ts';

/** Rows that the first call of an iteration gives, how many times more each next one, and the most. */
const ROWS_AHEAD = { first: 100, growth: 16, most: 10_000 };
/** So many bytes of texts and blobs end a call too. */
const BYTES_AHEAD = 1024 * 1024;

/** What one call of an iteration gives. */
interface Ahead extends PackedRows {
  readonly isEnd: boolean;
}

type Parameters = readonly unknown[];
type Method = (...args: unknown[]) => unknown;

/** How the objects of the program are known. Set once. */
export const statements: WeakMap<object, StatementHalf> = new WeakMap();

/** Settings of a statement that are kept for another process. */
const SETTINGS = ['setReadBigInts', 'setReturnArrays', 'setAllowBareNamedParameters', 'setAllowUnknownNamedParameters'] as const;

/** One statement. */
export class StatementHalf {
  readonly #db: Connection;
  readonly #sql: string;
  readonly #options: object | undefined;
  readonly #isRead: boolean;
  readonly #settings = new Map<(typeof SETTINGS)[number], unknown>();
  readonly sourceSQL: string;
  #handle: StatementSync | undefined;

  constructor(db: Connection, sql: string, options: object | undefined) {
    this.#db = db;
    this.#sql = sql;
    this.#options = options;
    this.#isRead = isRead(String(sql));
    this.sourceSQL = db.leave('DatabaseSync.prepare', [sql, options ?? null], false, (native) => this.#prepared(native).sourceSQL);
  }

  #prepared(db: DatabaseSync): StatementSync {
    if (this.#handle !== undefined) return this.#handle;
    const prepare = db.prepare as (sql: string, options?: object) => StatementSync;
    const made = this.#options === undefined ? db.prepare(this.#sql) : Reflect.apply(prepare, db, [this.#sql, this.#options]);
    for (const [name, value] of this.#settings) Reflect.apply(made[name] as Method, made, [value]);
    this.#handle = made;
    return made;
  }

  #leave<T>(method: string, args: Parameters, isEffect: boolean, run: (statement: StatementSync) => T): T {
    return this.#db.leave(`StatementSync.${method}`, args, isEffect, (db) => run(this.#prepared(db)));
  }

  /** A call with parameters. */
  #ask<T>(method: 'run' | 'get' | 'all', params: Parameters, take: (given: unknown) => T): T {
    const given = this.#leave(method, [this.#sql, ...params], !this.#isRead, (statement) =>
      take(Reflect.apply(statement[method] as Method, statement, [...params])),
    );
    this.#db.noteSql(this.#sql);
    return given;
  }

  run(...params: Parameters): unknown {
    return this.#ask('run', params, (changes) => changes);
  }

  get(...params: Parameters): unknown {
    const row = this.#ask('get', params, (given) => (given === undefined ? undefined : packRows([given])));
    return row === undefined ? undefined : unpackRows(row)[0];
  }

  all(...params: Parameters): unknown[] {
    return unpackRows(this.#ask('all', params, (rows) => packRows(rows as unknown[])));
  }

  /** Rows are read ahead; what changes something is read to its end at once. */
  iterate(...params: Parameters): IterableIterator<unknown> {
    let rows: Iterator<unknown> | undefined;
    let given = 0;
    let most = ROWS_AHEAD.first;
    const next = (): Ahead => {
      const found = this.#leave('iterate', [this.#sql, given, ...params], !this.#isRead, (statement) => {
        if (rows === undefined) {
          rows = Reflect.apply(statement.iterate as Method, statement, [...params]) as Iterator<unknown>;
          // What an earlier process had read of it already.
          for (let i = 0; i < given; i++) rows.next();
        }
        return this.#isRead ? some(rows, most, BYTES_AHEAD) : some(rows, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
      });
      given += found.rows.length;
      most = Math.min(most * ROWS_AHEAD.growth, ROWS_AHEAD.most);
      return found;
    };
    return flow(next(), next, () => void rows?.return?.());
  }

  columns(): unknown[] {
    return unpackRows(this.#leave('columns', [this.#sql], false, (statement) => packRows(statement.columns())));
  }

  get expandedSQL(): string {
    return this.#leave('expandedSQL', [], false, (statement) => statement.expandedSQL);
  }

  stat(...args: Parameters): unknown {
    return this.#leave('stat', args, false, (statement) => Reflect.apply(Reflect.get(statement, 'stat') as Method, statement, [...args]));
  }

  resetStats(...args: Parameters): unknown {
    return this.#leave('resetStats', args, false, (statement) =>
      Reflect.apply(Reflect.get(statement, 'resetStats') as Method, statement, [...args]),
    );
  }

  close(): void {
    this.#leave('close', [], false, (statement) => {
      Reflect.apply(Reflect.get(statement, 'close') as Method, statement, []);
    });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #set(name: (typeof SETTINGS)[number], value: unknown): void {
    this.#leave(name, [value], false, (statement) => {
      Reflect.apply(statement[name] as Method, statement, [value]);
    });
    this.#settings.set(name, value);
  }

  setReadBigInts(value: unknown): void {
    this.#set('setReadBigInts', value);
  }

  setReturnArrays(value: unknown): void {
    this.#set('setReturnArrays', value);
  }

  setAllowBareNamedParameters(value: unknown): void {
    this.#set('setAllowBareNamedParameters', value);
  }

  setAllowUnknownNamedParameters(value: unknown): void {
    this.#set('setAllowUnknownNamedParameters', value);
  }
}

const bytesOf = (row: object): number => {
  let bytes = 0;
  for (const value of Object.values(row) as unknown[])
    if (typeof value === 'string') bytes += value.length;
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
  return bytes;
};

function some(rows: Iterator<unknown>, most: number, mostBytes: number): Ahead {
  const found: unknown[] = [];
  for (let bytes = 0; found.length < most && bytes < mostBytes;) {
    const { done, value } = rows.next() as { readonly done: boolean; readonly value: unknown };
    if (done) return { ...packRows(found), isEnd: true };
    found.push(value);
    bytes += bytesOf(value as object);
  }
  return { ...packRows(found), isEnd: false };
}

function* flow(first: Ahead, next: () => Ahead, end: () => void): Generator<unknown, void> {
  try {
    for (let rows = first; ; rows = next()) {
      yield* unpackRows(rows);
      if (rows.isEnd) return;
    }
  } finally {
    end();
  }
}

/** What `prepare` gives to a program. */
export function newStatement(db: Connection, sql: string, options?: object): object {
  const half = new StatementHalf(db, sql, options);
  const shell = Object.create(NativeStatement.prototype as object) as object;
  Object.defineProperties(shell, {
    sourceSQL: { get: () => half.sourceSQL, enumerable: true },
    expandedSQL: { get: () => half.expandedSQL, enumerable: true },
  });
  statements.set(shell, half);
  return shell;
}
