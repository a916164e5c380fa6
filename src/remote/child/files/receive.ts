// The receiving side: writes what comes beside its place, checks it, and puts it there by a rename.
// Invariants:
//   W1. Under the name of a file there is the old one or the new one, whole, at any time.
//   W2. What is not whole stays beside it when that is worth keeping, and goes otherwise; no process but one writes a part.
//   W3. Bytes are written as they come: no more than one step is in memory.
import type { Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, open, rename, rm, utimes, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { fileError, unlessMissing, withFile } from './file-errors.ts';
import { hashBeginning, newHash } from './hashes.ts';
import type { Entry, Piece, Pieces, Wanted } from './entries.ts';
import { abandonedPart, newPart, partsIn, release, takeOver, WORTH_KEEPING_BYTES } from './parts.ts';
import { placeOf } from './paths.ts';
import { rootOf } from './prepare.ts';

/** What is there of a file stays, and is part of its hash. */
async function keepBeginning(hash: Hash, handle: FileHandle, bytes: number): Promise<void> {
  await handle.truncate(bytes);
  await hashBeginning(hash, handle, bytes);
}

/** A file that comes in. */
class Incoming {
  readonly #place: string;
  readonly #file: Wanted;
  readonly #part: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash;
  #at: number;

  private constructor(place: string, file: Wanted, part: string, handle: FileHandle, hash: Hash) {
    this.#place = place;
    this.#file = file;
    this.#part = part;
    this.#handle = handle;
    this.#hash = hash;
    this.#at = file.offset;
  }

  static async open(place: string, file: Wanted): Promise<Incoming> {
    const part = file.offset === 0 ? newPart(place, file) : await Incoming.#takeOver(place, file);
    try {
      const flags = file.offset === 0 ? constants.O_CREAT | constants.O_EXCL : 0;
      const handle = await withFile('write', place, () => open(part, constants.O_RDWR | constants.O_NOFOLLOW | flags, 0o600));
      const hash = newHash();
      try {
        if (file.offset > 0) await withFile('go on with', place, () => keepBeginning(hash, handle, file.offset));
      } catch (error) {
        await handle.close();
        throw error;
      }
      return new Incoming(place, file, part, handle, hash);
    } catch (error) {
      release(part);
      throw error;
    }
  }

  static async #takeOver(place: string, file: Wanted): Promise<string> {
    const known = await abandonedPart(await partsIn(path.dirname(place)), place, file);
    const part = known === undefined || known.bytes < file.offset ? undefined : await takeOver(known.part, place, file);
    if (part === undefined) throw fileError('FILE_CHANGED', 'go on with', place, 'what was there of it is gone');
    return part;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#at + bytes.length > this.#file.bytes) throw fileError('FILE_CHANGED', 'write', this.#place, 'more came than was said');
    const writing = withFile('write', this.#place, async () => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#at + done);
        done += bytesWritten;
      }
    });
    // Meanwhile.
    this.#hash.update(bytes);
    await writing;
    this.#at += bytes.length;
  }

  /** Everything has come. @param isSynced whether it must be on the disk before it has its name */
  async finish(hash: string, isSynced: boolean): Promise<void> {
    const { mode, modifiedMs } = this.#file;
    if (this.#at !== this.#file.bytes || this.#hash.digest('hex') !== hash) {
      await this.#handle.close();
      await rm(this.#part, { force: true });
      release(this.#part);
      throw fileError('FILE_CHANGED', 'write', this.#place, 'what arrived is not what was sent: their hashes differ');
    }
    await withFile('write', this.#place, async () => {
      await this.#handle.chmod(mode);
      await this.#handle.utimes(modifiedMs / 1000, modifiedMs / 1000);
      if (isSynced) await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#part, this.#place);
    });
    release(this.#part);
  }

  /** Nothing more comes. */
  async giveUp(): Promise<void> {
    await this.#handle.close().catch(() => {});
    if (this.#at < WORTH_KEEPING_BYTES) await rm(this.#part, { force: true });
    release(this.#part);
  }
}

/** What is to come. */
export interface Expected {
  /** In this order or any other, each once. */
  readonly wanted: readonly Wanted[];
  /** Folders that get their modes and times when everything is in them, parents first. */
  readonly folders: readonly Entry[];
}

/**
 * Writes files as they come, then gives the folders their modes and times.
 * @param signal ends the reading at once
 * @throws ResproutError FILE_CHANGED, FILE_DENIED, FILE_FULL, FILE_KIND, FILE_UNSAFE, FILE_IO
 */
export async function receive(
  given: string,
  steps: AsyncIterable<Pieces>,
  { folders, wanted }: Expected,
  signal: AbortSignal | undefined,
): Promise<void> {
  const root = await rootOf(given);
  const expected = new Map(wanted.map((file) => [file.path, file]));
  let incoming: Incoming | undefined;
  const take = async (piece: Piece): Promise<void> => {
    if (piece.t === 'file') {
      const file = expected.get(piece.path);
      if (incoming !== undefined || file === undefined) throw unexpected(root);
      expected.delete(piece.path);
      incoming = await Incoming.open(placeOf(root, file.path), file);
      return;
    }
    if (incoming === undefined) throw unexpected(root);
    if (piece.t === 'data') await incoming.write(piece.bytes);
    else {
      const whole = incoming;
      incoming = undefined;
      await whole.finish(piece.hash, folders.length === 0);
    }
  };
  try {
    for await (const pieces of untilAborted(steps, signal)) for (const piece of pieces) await take(piece);
    if (incoming !== undefined || expected.size > 0) throw unexpected(root);
  } finally {
    await (incoming as Incoming | undefined)?.giveUp();
  }
  for (const folder of folders.toReversed()) await finishFolder(placeOf(root, folder.path), folder);
}

const unexpected = (root: string): Error => fileError('FILE_CHANGED', 'copy to', root, 'the files did not arrive as they were announced');

/** Steps of a stream, which is let go when the signal fires, also while it is silent. */
async function* untilAborted(steps: AsyncIterable<Pieces>, signal: AbortSignal | undefined): AsyncGenerator<Pieces> {
  const iterator = steps[Symbol.asyncIterator]();
  const stop = (): void => void iterator.return?.();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
      signal?.throwIfAborted();
      yield step.value;
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

async function finishFolder(place: string, { mode, modifiedMs }: Entry): Promise<void> {
  await unlessMissing('change the mode and time of', place, async () => {
    await chmod(place, mode);
    await utimes(place, modifiedMs / 1000, modifiedMs / 1000);
  });
}
