// A database of a program: each call that reaches it is recorded with its data, so a replay opens nothing.
// 1. After a crash a file is opened again at the first call without a record, set up as before.
// 2. What only the old connection had (an open transaction, a database in memory, temporary tables) is lost, and that call says so.
import type { BackupOptions, DatabaseSync } from 'node:sqlite';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import type { Patcher } from '../../globals/patch.ts';
import { NativeDatabase, nativeBackup } from './natives.ts';
import type { Connection } from './connection.ts';
import { newChanges } from './changes-half.ts';
import { SetUp } from './set-up.ts';
import { isInMemory } from './sql-text.ts';
import { newStatement } from './statement-half.ts';
import { TagStore } from './tag-store.ts';

type Path = string | Uint8Array | URL;
type Options = Readonly<Record<string, unknown>>;
type UserFunction = (...args: never[]) => unknown;

/** What one call gave. */
interface Outcome {
  readonly value?: unknown;
  /** Set when it threw and the transaction is another than before: else it throws. */
  readonly thrown?: unknown;
  readonly isTransaction: boolean;
}

const nameOf = (path: unknown): string =>
  path instanceof URL ? path.href : path instanceof Uint8Array ? Buffer.from(path).toString() : String(path);

/** One database. */
export class DatabaseHalf implements Connection {
  readonly session: Session;
  readonly shell: object;
  readonly #patcher: Patcher;
  readonly #path: Path;
  readonly #options: Options;
  readonly #name: string;
  readonly #setUp = new SetUp();
  readonly #held: Conversation;
  #handle: DatabaseSync | undefined;
  #isOpen = false;
  #isTransaction = false;
  #isFilled = false;

  /** Opens it, unless the options say not to. @throws what node:sqlite says */
  constructor(patcher: Patcher, session: Session, shell: object, args: readonly unknown[]) {
    const [path, options] = args as readonly [Path, Options?];
    this.#patcher = patcher;
    this.session = session;
    this.shell = shell;
    this.#path = path;
    this.#options = { ...options };
    this.#name = nameOf(path);
    const opens = options?.['open'] !== false;
    this.#held = session.world.conversation({
      half: { take: () => undefined, wake: () => undefined, dispose: () => this.#dispose() },
      shown: `database ${this.#name}`,
    });
    this.#held.setRef(false);
    this.leave(
      'DatabaseSync',
      [this.#name, JSON.stringify(options ?? {})],
      opens,
      () => undefined,
      () => {
        this.#handle = Reflect.construct(NativeDatabase, args) as DatabaseSync;
        return this.#handle;
      },
    );
    this.#isOpen = opens;
  }

  /**
   * Makes a call, recorded with its data. In an activity it is only made. @param run makes it on the database
   * @throws what it throws; ResproutError LIVE_OBJECT_LOST
   */
  leave<T>(
    method: string,
    args: readonly unknown[],
    isEffect: boolean,
    run: (db: DatabaseSync) => T,
    open: () => DatabaseSync = () => this.handle(),
  ): T {
    if (this.#patcher.session() !== this.session) return run(open());
    const before = this.#isTransaction;
    const outcome = this.session.world.callSync<Outcome>(`node:sqlite.${method}`, args, isEffect, () => {
      const db = open();
      try {
        return { value: run(db), isTransaction: db.isOpen && db.isTransaction };
      } catch (thrown) {
        // A statement that fails may end its transaction.
        const isTransaction = db.isOpen && db.isTransaction;
        if (isTransaction === before) throw thrown;
        return { thrown, isTransaction };
      }
    });
    this.#isTransaction = outcome.isTransaction;
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.value as T;
  }

  /** The database, opened again when an earlier process had opened it. @throws ResproutError LIVE_OBJECT_LOST */
  handle(): DatabaseSync {
    if (this.#handle !== undefined) return this.#handle;
    const why = this.#lost();
    if (why !== undefined) throw this.lostError(`the database ${this.#name}`, why);
    const db = new NativeDatabase(this.#path as string, { ...this.#options, open: this.#isOpen });
    if (this.#isOpen) this.#setUp.apply(db);
    this.#handle = db;
    return db;
  }

  /** Why another connection would not be the same. */
  #lost(): string | undefined {
    if (!this.#isOpen) return undefined;
    if (this.#isTransaction) return 'a transaction was open in it, which was taken back';
    if (isInMemory(this.#name) || this.#isFilled) return 'it was in memory';
    return this.#setUp.hasTemporary ? 'it had temporary tables' : undefined;
  }

  lostError(what: string, why: string): ResproutError {
    const { file, line, column } = this.#held.site;
    return new ResproutError('LIVE_OBJECT_LOST', `${what} went with the process that had opened it: ${why}`, {
      at: line > 0 ? { file, line, column } : undefined,
      tried: `to go on with ${what}`,
      saw: why,
      do: 'Catch the error, open the database again and begin anew',
    });
  }

  /** A setting of the connection: recorded, and made again with it. */
  #set(method: string, args: readonly unknown[], step: (db: DatabaseSync) => void): void {
    this.leave(method, args, false, (db) => {
      step(db);
    });
    this.#setUp.add(step);
  }

  #dispose(): void {
    const db = this.#handle;
    if (db?.isOpen === true) db.close();
  }

  noteSql(sql: string): void {
    this.#setUp.noteSql(sql);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isTransaction(): boolean {
    // Closed: node:sqlite says what is wrong.
    return this.#isOpen ? this.#isTransaction : this.leave('DatabaseSync.isTransaction', [], false, (db) => db.isTransaction);
  }

  limit(name: string): unknown {
    return this.leave('DatabaseSync.limits', [name], false, (db) => Reflect.get(Reflect.get(db, 'limits') as object, name) as unknown);
  }

  setLimit(name: string, value: unknown): void {
    this.#set('DatabaseSync.limits', [name, value], (db) => {
      Reflect.set(Reflect.get(db, 'limits') as object, name, value);
    });
  }

  // The methods of DatabaseSync.

  open(): void {
    this.leave('DatabaseSync.open', [], true, (db) => db.open());
    this.#isOpen = true;
  }

  close(): void {
    // Whatever it had is gone: a database that was lost closes too.
    const closed = (): DatabaseSync => this.#handle ?? new NativeDatabase(this.#path as string, { open: false });
    const isLost = this.#isOpen && this.#handle === undefined;
    this.leave('DatabaseSync.close', [], true, (db) => (isLost ? undefined : db.close()), isLost ? closed : () => this.handle());
    this.#isOpen = false;
    this.#isTransaction = false;
    this.#isFilled = false;
    this.#setUp.clear();
  }

  [Symbol.dispose](): void {
    if (this.#isOpen) this.close();
  }

  exec(sql: string): void {
    this.leave('DatabaseSync.exec', [sql], true, (db) => db.exec(sql));
    this.noteSql(sql);
  }

  prepare(sql: string, options?: object): object {
    return newStatement(this, sql, options);
  }

  function(name: string, ...rest: readonly unknown[]): void {
    const shown = rest.filter((value) => typeof value !== 'function');
    this.#set('DatabaseSync.function', [name, ...shown], (db) => {
      (db.function as (...args: unknown[]) => void)(name, ...rest);
    });
  }

  aggregate(name: string, options: object): void {
    this.#set('DatabaseSync.aggregate', [name], (db) => {
      (db.aggregate as (name: string, options: object) => void)(name, options);
    });
  }

  setAuthorizer(decide: UserFunction | null): void {
    this.#set('DatabaseSync.setAuthorizer', [decide === null], (db) => {
      (db.setAuthorizer as (decide: UserFunction | null) => void)(decide);
    });
  }

  enableLoadExtension(allow: boolean): void {
    this.#set('DatabaseSync.enableLoadExtension', [allow], (db) => db.enableLoadExtension(allow));
  }

  enableDefensive(active: boolean): void {
    this.#set('DatabaseSync.enableDefensive', [active], (db) => db.enableDefensive(active));
  }

  loadExtension(...args: readonly unknown[]): void {
    this.#set('DatabaseSync.loadExtension', args, (db) => {
      (db.loadExtension as (...args: unknown[]) => void)(...args);
    });
  }

  location(name?: string): string | null {
    const args = name === undefined ? ([] as const) : ([name] as const);
    return this.leave('DatabaseSync.location', args, false, (db) => db.location(...args));
  }

  createSession(...args: readonly unknown[]): object {
    return newChanges(this, args);
  }

  applyChangeset(...args: readonly unknown[]): unknown {
    return this.leave(
      'DatabaseSync.applyChangeset',
      [args[0]],
      true,
      (db) => Reflect.apply(db.applyChangeset as UserFunction, db, args) as unknown,
    );
  }

  createTagStore(capacity?: number): TagStore {
    return new TagStore(this, capacity);
  }

  serialize(...args: readonly unknown[]): unknown {
    return this.leave(
      'DatabaseSync.serialize',
      args,
      false,
      (db) => Reflect.apply(Reflect.get(db, 'serialize') as UserFunction, db, args) as unknown,
    );
  }

  deserialize(...args: readonly unknown[]): void {
    this.leave('DatabaseSync.deserialize', args, true, (db) => {
      Reflect.apply(Reflect.get(db, 'deserialize') as UserFunction, db, args);
    });
    this.#isFilled = true;
  }

  /** A copy into a file. The progress is told as it is made. */
  backup(path: Path, options: BackupOptions | undefined): Promise<number> {
    const { progress: _progress, ...shown } = options ?? {};
    const run = async (): Promise<number> =>
      await (options === undefined ? nativeBackup(this.handle(), path as string) : nativeBackup(this.handle(), path as string, options));
    if (this.#patcher.session() !== this.session) return run();
    return this.session.world.call({ fn: 'node:sqlite.backup', args: [nameOf(path), shown], run });
  }
}
