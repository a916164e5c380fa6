// Room in the write-ahead log ahead of the commits. The sync of a file that grows also commits the file system's own records, which costs as
// much again as the commit: so the log is made longer before it is needed, by zeros behind its end, while nobody waits. Invariants:
//   L1. Nothing is ever written over: the descriptor appends, so that zeros land behind whatever SQLite has written, at any moment.
//   L2. Zeros are no content: a frame of the log counts with the salt of the log's head and a checksum over all before it. Recovery stops at
//       the first one without, as it does at what an earlier use of the log has left there.
//   L3. Zeros that cannot be written are no failure of the journal: that ends the growing, not the session. A sync that fails is one, since it may
//       be the only one to hear that a commit did not reach the medium.
//   L4. A small journal stays small: nothing before 64 KiB are used, then at most as much again, never more than 1 MiB ahead nor past the size
//       at which SQLite uses the log again from its beginning. A close removes the log, an open empties one that a killed owner left.
// SQLite takes its locks on the database and on `-shm`; closing a descriptor of the log drops none.
import { closeSync, constants, fdatasync, openSync, statSync, writev } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Zeros of one growth at least, and use of the log before the first one. */
const FIRST_BYTES = 65_536;
const MOST_AHEAD_BYTES = 1_048_576;
const HEAD_BYTES = 32;
/** Before each page in the log. */
const FRAME_HEAD_BYTES = 24;
/** Pages that a row changes beside those that hold its bytes, at most: leaf, its split, their parent, the head of the session. */
const PAGES_OF_A_ROW = 5;
const ZEROS = new Uint8Array(FIRST_BYTES);

/** Keeps room in the log of one database. Owns a descriptor of the log from the first growth on. */
export class LogRoom {
  readonly #file: string;
  readonly #look: StatementSync;
  readonly #frameBytes: number;
  readonly #fullBytes: number;
  readonly #hasSpace: (bytes: number) => boolean;
  /** Bytes that can be committed before it must be looked how much room is left. */
  #quietBytes: number;
  #fd: number | undefined;
  #isGrowing = false;
  /** The log has its full size, or cannot grow. */
  #isOver = false;
  #failure: Error | undefined;

  /**
   * @param file the log
   * @param fullPages pages at which SQLite moves the log into the database and begins anew
   * @param hasSpace whether the disk has room for so many bytes that nobody needs
   */
  constructor(database: DatabaseSync, file: string, fullPages: number, hasSpace: (bytes: number) => boolean) {
    this.#file = file;
    // Says how many pages the log holds, and moves none.
    this.#look = database.prepare('pragma wal_checkpoint = noop');
    this.#frameBytes = Number(database.prepare('pragma page_size').get()?.['page_size']) + FRAME_HEAD_BYTES;
    this.#fullBytes = HEAD_BYTES + fullPages * this.#frameBytes;
    this.#hasSpace = hasSpace;
    this.#quietBytes = FIRST_BYTES / 2;
  }

  /** A sync of the log has failed: nothing more may be committed to it. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Told of what was committed since the last call, when nobody waits for an answer. Returns at once: the disk is written by another thread. */
  committed(rows: number, bytes: number): void {
    if (this.#isOver) return;
    this.#quietBytes -= bytes + (rows * PAGES_OF_A_ROW + Math.ceil(bytes / this.#frameBytes)) * this.#frameBytes;
    if (this.#quietBytes > 0 || this.#isGrowing) return;
    try {
      this.#growIfShort();
    } catch {
      this.#end();
    }
  }

  /** No zeros are written from here on; those under way still land in this log, and in no other file. */
  close(): void {
    this.#end();
  }

  #growIfShort(): void {
    const used = HEAD_BYTES + Number(this.#look.get()?.['log']) * this.#frameBytes;
    const size = statSync(this.#file).size;
    if (size >= this.#fullBytes) return this.#end();
    if (used < FIRST_BYTES) {
      this.#quietBytes = FIRST_BYTES - used;
      return;
    }
    const wanted = Math.min(MOST_AHEAD_BYTES, used);
    const room = size - used;
    this.#quietBytes = Math.max(room - wanted / 2, wanted / 2);
    if (room > wanted / 2) return;
    const count = Math.ceil(Math.min(wanted - room, this.#fullBytes - size) / FIRST_BYTES);
    if (this.#hasSpace(count * FIRST_BYTES)) this.#grow(count);
  }

  #grow(count: number): void {
    const { O_WRONLY, O_APPEND, O_NOFOLLOW } = constants;
    const fd = (this.#fd ??= openSync(this.#file, O_WRONLY | O_APPEND | O_NOFOLLOW));
    this.#isGrowing = true;
    const done = (): void => {
      this.#isGrowing = false;
      if (this.#isOver) this.#end();
    };
    writev(
      fd,
      Array.from({ length: count }, () => ZEROS),
      (error) => {
        if (error !== null) this.#isOver = true;
        if (this.#isOver) return done();
        // What is not synced here would be synced by the next commit, which somebody waits for.
        fdatasync(fd, (failure) => {
          if (failure !== null) {
            this.#failure = failure;
            this.#isOver = true;
          }
          done();
        });
      },
    );
  }

  /** The number of a descriptor that is in use by a thread must not be given to another file. */
  #end(): void {
    this.#isOver = true;
    if (this.#isGrowing || this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    try {
      closeSync(fd);
    } catch {
      // What it would tell of is content that means nothing.
    }
  }
}
