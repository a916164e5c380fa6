// One transfer: the side that has the files lists, the other one prepares and says what it wants, and that is sent. Each byte crosses each link of
// the way once.
// Invariants:
//   X1. Only what this side has listed leaves it, whatever the other side wants; only what this side wants is written here.
//   X2. What is already there is not sent. A large file that was interrupted goes on where it stopped, and its hash tells whether that was right.
import { ResproutError } from '../../base/errors/errors.ts';
import { realClock } from '../../platform/time/clock.ts';
import type { OwnCaller } from '../calls/own-calls.ts';
import type { Entry, Listing, Pieces, Prepared, Skipped, Wanted } from '../child/files/entries.ts';
import { list } from '../child/files/list.ts';
import { prepare } from '../child/files/prepare.ts';
import { receive } from '../child/files/receive.ts';
import { send } from '../child/files/send.ts';
import { parseListing, parsePieces, parsePrepared } from './parse.ts';
import { Progress } from './progress.ts';
import type { CopyOptions } from './options.ts';

/** What a transfer has done. */
export interface TransferResult {
  /** Files whose bytes were sent. */
  readonly fileCount: number;
  /** Bytes that were sent, less than the files have where a transfer went on. */
  readonly bytes: number;
  /** Files and links that were there already. */
  readonly unchangedCount: number;
  /** Folders and links that were made. */
  readonly folderCount: number;
  readonly linkCount: number;
  /** Files, folders and links that had to go. */
  readonly removedCount: number;
  /** What is neither file nor folder nor link, or has a name that is no text: the first hundred. */
  readonly skipped: readonly Skipped[];
  readonly skippedCount: number;
  readonly durationMs: number;
}

/** Reasons that a result holds. */
const MOST_SKIPPED = 100;

/** A transfer to be made. */
export interface Transfer {
  readonly direction: 'put' | 'get';
  /** Whole path on this side. */
  readonly here: string;
  /** Path of the far side. */
  readonly there: string;
  /** Whether what the source does not have is removed. */
  readonly isExact: boolean;
  readonly options: CopyOptions;
  /** Made where the program called. */
  readonly place: Error;
}

/** What is known of the source once it was listed. */
class Source {
  readonly files = new Map<string, Entry>();
  readonly folders: Entry[] = [];
  readonly skipped: Skipped[] = [];
  skippedCount = 0;

  /** The listings as they pass. */
  async *watch(listings: AsyncIterable<Listing>): AsyncGenerator<Listing> {
    for await (const listing of listings) {
      for (const entry of listing.entries) {
        if (entry.kind === 'file') this.files.set(entry.path, entry);
        else if (entry.kind === 'folder') this.folders.push(entry);
      }
      this.skippedCount += listing.skipped.length;
      this.skipped.push(...listing.skipped.slice(0, MOST_SKIPPED - this.skipped.length));
      yield listing;
    }
  }

  /** What is wanted, as it was listed. @throws ResproutError FILE_UNSAFE */
  wanted(prepared: Prepared): readonly Wanted[] {
    return prepared.wanted.map(({ offset, path }) => {
      const file = this.files.get(path);
      if (file === undefined || offset > file.bytes)
        throw new ResproutError('FILE_UNSAFE', `the far side wants "${path}", which was not offered`, { tried: 'send files' });
      const { bytes, mode, modifiedMs } = file;
      return { path, bytes, mode, modifiedMs, offset };
    });
  }
}

async function* parsed<T>(stream: AsyncIterable<unknown>, parse: (value: unknown) => T): AsyncGenerator<T> {
  for await (const step of stream) yield parse(step);
}

/** Makes a transfer. A wrong part of an interrupted one costs another try, from the beginning. */
export async function transfer(caller: OwnCaller, order: Transfer, signal: AbortSignal): Promise<TransferResult> {
  const { resume = true } = order.options;
  try {
    return await once(caller, order, signal, resume);
  } catch (error) {
    const isWrong = error instanceof ResproutError && error.code === 'FILE_CHANGED';
    if (!isWrong || !resume || signal.aborted) throw error;
    return await once(caller, order, signal, false);
  }
}

async function once(caller: OwnCaller, order: Transfer, signal: AbortSignal, mayResume: boolean): Promise<TransferResult> {
  const { direction, here, isExact, options, place, there } = order;
  const startMs = realClock.monotonicMs();
  const call = (fn: string, ...args: readonly unknown[]): Promise<unknown> =>
    caller.callOwn({ module: 'files', fn, label: `files.${direction}`, args, signal, place, site: undefined, isOnce: true });
  const stream = async (fn: string, ...args: readonly unknown[]): Promise<AsyncIterable<unknown>> =>
    (await call(fn, ...args)) as AsyncIterable<unknown>;
  const source = new Source();
  const withHash = options.compare === 'hash';
  const how = { isExact, mayResume };

  let prepared: Prepared;
  if (direction === 'put') prepared = parsePrepared(await call('prepare', there, source.watch(list(here, withHash)), how));
  else prepared = await prepare(here, source.watch(parsed(await stream('list', there, withHash), parseListing)), how);

  const wanted = source.wanted(prepared);
  const progress = new Progress(wanted, options.onProgress);
  const expected = { wanted, folders: source.folders };
  if (direction === 'put') await call('receive', there, progress.watch(send(here, wanted)), expected);
  else {
    const steps: AsyncIterable<Pieces> = parsed(await stream('send', there, wanted), parsePieces);
    await receive(here, progress.watch(steps), expected, signal);
  }
  progress.end();
  const { folderCount, linkCount, removedCount, unchangedCount } = prepared;
  const { skipped, skippedCount } = source;
  const durationMs = Math.round(realClock.monotonicMs() - startMs);
  const { bytes } = progress;
  return { fileCount: wanted.length, bytes, unchangedCount, folderCount, linkCount, removedCount, skipped, skippedCount, durationMs };
}
