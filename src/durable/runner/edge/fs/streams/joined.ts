// A file that is piped into a file with nothing of the program between: the bytes go from one to the other outside, as one call, and are not in
// the journal. Both streams stay Node's own: the reader finds its end, the writer has written nothing more of it, and their counters say what
// went through.
import type { ReadStream, WriteStream } from 'node:fs';
import type { Session } from '../../../../replay/session/session-api.ts';
import type { Descriptor } from '../descriptors/descriptor.ts';
import { descriptorsOf } from '../descriptors/descriptor-table.ts';
import { isAppending } from '../descriptors/open-flags.ts';
import type { FsFunction } from '../real-fs.ts';
import { askBack, callbackAt, type Request } from '../request.ts';
import type { StreamFs } from './stream-fs.ts';

/** A stream of a session, and what it calls. */
export interface Made<T> {
  readonly stream: T;
  readonly calls: StreamFs;
}

/** What Node's streams keep of their place. */
interface Placed {
  pos: number | undefined;
}

interface Ends {
  readonly from: Descriptor;
  readonly to: Descriptor;
}

const COPIED_BYTES = 1024 * 1024;
/** Short files go by their bytes: one call more would be no gain, and the program sees the same. */
const WORTH_BYTES = 64 * 1024;

const placeOf = (stream: object): number | null => (stream as Placed).pos ?? null;

/** How many bytes the reader may still give. */
function leftOf(stream: ReadStream): number {
  const { end, start, bytesRead } = stream as ReadStream & { readonly end?: number; readonly start?: number };
  if (end === undefined || end === Infinity) return Infinity;
  return end - (start ?? 0) + 1 - bytesRead;
}

/** The open files of two streams between which nothing of the program stands. */
function endsOf(session: Session, reader: ReadStream, writer: WriteStream): Ends | undefined {
  const isUntouched =
    reader.listenerCount('data') === 1 &&
    reader.listenerCount('readable') === 0 &&
    reader.readableEncoding === null &&
    // What it holds comes before what a copy would read.
    reader.readableLength === 0 &&
    !Object.hasOwn(reader, 'push') &&
    !['write', '_write', '_writev'].some((key) => Object.hasOwn(writer, key)) &&
    writer.writableLength === 0 &&
    !writer.destroyed &&
    !reader.destroyed;
  if (!isUntouched) return undefined;
  const table = descriptorsOf(session);
  const from = table.get((reader as { readonly fd?: unknown }).fd);
  const to = table.get((writer as { readonly fd?: unknown }).fd);
  return from === undefined || to === undefined || isAppending(to.flags) ? undefined : { from, to };
}

/** What a copy came to. */
interface Copied {
  readonly count: number;
  /** Why the writer took no more. */
  readonly refusal?: unknown;
}

function copyRequest(reader: ReadStream, writer: WriteStream, { from, to }: Ends): Request<Copied> {
  const readFrom = placeOf(reader);
  const writeTo = placeOf(writer);
  const most = leftOf(reader);
  return {
    fn: 'node:stream.pipeline',
    args: [from.number, readFrom, to.number, writeTo, most],
    isRead: false,
    now: () => undefined,
    async later() {
      let done = 0;
      while (done < most && !reader.destroyed && !writer.destroyed) {
        const bytes = await from.native.read(Math.min(COPIED_BYTES, most - done), readFrom === null ? null : readFrom + done);
        if (bytes.length === 0) break;
        try {
          for (let at = 0; at < bytes.length;)
            at += await to.native.write(bytes.subarray(at), writeTo === null ? null : writeTo + done + at);
        } catch (refusal) {
          return { count: done, refusal };
        }
        done += bytes.length;
      }
      return { count: done };
    },
    take(value) {
      const copied = value as Copied;
      const { count } = copied;
      from.wasRead(readFrom, count);
      to.wasWritten(writeTo, count);
      reader.bytesRead += count;
      writer.bytesWritten += count;
      for (const stream of [reader, writer] as unknown as Placed[]) if (stream.pos !== undefined) stream.pos += count;
      return copied;
    },
  };
}

/** Joins a reader to whatever it is piped to alone, when that is a file of the session. @param target gives it */
export function joinReads(session: Session, { stream, calls }: Made<ReadStream>, target: () => Made<WriteStream> | undefined): void {
  let isAsked = false;
  calls.beforeRead = (args) => {
    const to = target();
    // Every read waits for what is being written: a file that is short is not worth it, so the first piece goes by itself.
    if (to === undefined || isAsked || stream.bytesRead < WORTH_BYTES || leftOf(stream) <= 0) return false;
    isAsked = true;
    const join = (): void => {
      const ends = target() === to ? endsOf(session, stream, to.stream) : undefined;
      const callback = args[callbackAt(args)] as FsFunction;
      if (ends === undefined) {
        calls.here(() => void calls.functions['read']?.(...args));
        isAsked = false;
        return;
      }
      calls.here(() =>
        askBack(session, copyRequest(stream, to.stream, ends), (error, copied) => {
          isAsked = false;
          if (copied?.refusal !== undefined) to.stream.destroy(copied.refusal as Error);
          // Nothing comes through the reader: it is at its end.
          callback(error, 0, args[1]);
        }),
      );
    };
    // Node asks for more before it hands on what it holds: that goes to the writer first.
    if (stream.readableLength === 0) to.calls.whenIdle(join);
    else queueMicrotask(() => to.calls.whenIdle(join));
    return true;
  };
}
