// What can be asked of an open file, as requests: the same for `fs.read`, `fs.readSync` and `FileHandle.read`.
import type { Request } from '../request.ts';
import { realFs } from '../real-fs.ts';
import type { Descriptor } from './descriptor.ts';
import { bytesOf, type ReadArguments, type WriteArguments } from './fd-arguments.ts';
import { isForWriting } from './open-flags.ts';

/** What a request is about. */
export interface Target {
  readonly descriptor: Descriptor;
  /** As the journal shows it. */
  readonly fn: string;
}

const asBytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
const asCount = (value: unknown): number => (typeof value === 'number' ? value : 0);

function joined(buffers: readonly NodeJS.ArrayBufferView[]): Uint8Array {
  return Buffer.concat(buffers.map(bytesOf));
}

/** Fills the program's buffer at the delivery. Gives how many bytes it got. */
export function readRequest({ descriptor, fn }: Target, { buffer, offset, length, position }: ReadArguments): Request<number> {
  return {
    fn,
    args: [descriptor.number, length, position],
    isRead: true,
    now: () => descriptor.native.readNow(length, position),
    later: async () => await descriptor.native.read(length, position),
    take(value) {
      const bytes = asBytes(value);
      bytesOf(buffer).set(bytes, offset);
      descriptor.wasRead(position, bytes.length);
      return bytes.length;
    },
  };
}

/** As `readRequest`, into several buffers. */
export function readvRequest(
  { descriptor, fn }: Target,
  buffers: readonly NodeJS.ArrayBufferView[],
  position: number | null,
): Request<number> {
  const length = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    ...readRequest({ descriptor, fn }, { buffer: new Uint8Array(), offset: 0, length, position }),
    take(value) {
      const bytes = asBytes(value);
      let at = 0;
      for (const buffer of buffers) {
        const part = bytes.subarray(at, at + buffer.byteLength);
        bytesOf(buffer).set(part);
        at += part.length;
      }
      descriptor.wasRead(position, bytes.length);
      return bytes.length;
    },
  };
}

/** Gives how many bytes were written. */
export function writeRequest({ descriptor, fn }: Target, { bytes, position }: WriteArguments): Request<number> {
  return {
    fn,
    args: [descriptor.number, bytes, position],
    isRead: false,
    now: () => descriptor.native.writeNow(bytes, position),
    later: async () => await descriptor.native.write(bytes, position),
    take(value) {
      const count = asCount(value);
      descriptor.wasWritten(position, count);
      return count;
    },
  };
}

/** As `writeRequest`, of several buffers. */
export const writevRequest = (target: Target, buffers: readonly NodeJS.ArrayBufferView[], position: number | null): Request<number> =>
  writeRequest(target, { bytes: joined(buffers), position });

const CHUNK_BYTES = 512 * 1024;

/** Everything from where the file stands to its end. */
export function readAllRequest({ descriptor, fn }: Target): Request<Buffer> {
  return {
    fn,
    args: [descriptor.number],
    isRead: true,
    now() {
      const chunks: Buffer[] = [];
      for (;;) {
        const chunk = descriptor.native.readNow(CHUNK_BYTES, null);
        if (chunk.length === 0) return Buffer.concat(chunks);
        chunks.push(chunk);
      }
    },
    async later() {
      const chunks: Buffer[] = [];
      for (;;) {
        const chunk = await descriptor.native.read(CHUNK_BYTES, null);
        if (chunk.length === 0) return Buffer.concat(chunks);
        chunks.push(chunk);
      }
    },
    take(value) {
      const bytes = Buffer.from(asBytes(value));
      descriptor.wasRead(null, bytes.length);
      return bytes;
    },
  };
}

/** All of these bytes, from where the file stands. */
export function writeAllRequest({ descriptor, fn }: Target, bytes: Uint8Array): Request<undefined> {
  return {
    fn,
    args: [descriptor.number, bytes],
    isRead: false,
    now() {
      for (let at = 0; at < bytes.length;) at += descriptor.native.writeNow(bytes.subarray(at), null);
    },
    async later() {
      for (let at = 0; at < bytes.length;) at += await descriptor.native.write(bytes.subarray(at), null);
    },
    take() {
      descriptor.wasWritten(null, bytes.length);
      return undefined;
    },
  };
}

/** A function of a descriptor and plain arguments, such as `fstat`. @param name as node:fs has it, without `Sync` */
export function plainRequest({ descriptor, fn }: Target, name: string, args: readonly unknown[], isRead: boolean): Request<unknown> {
  return {
    fn,
    args: [descriptor.number, ...args],
    isRead,
    now: () => realFs(`${name}Sync`)?.(descriptor.native.fd, ...args),
    later: async () => await descriptor.native.use(realFs(name), args),
    take(value) {
      if (name === 'ftruncate') descriptor.wasTruncated(asCount(args[0]));
      return value;
    },
  };
}

/** The file stays open until this was delivered; nothing uses it any more from now on. */
export function closeRequest({ descriptor, fn }: Target, free: (number: number) => void): Request<undefined> {
  descriptor.isClosing = true;
  return {
    fn,
    args: [descriptor.number],
    // What was only read may go at once; what was written must have left before.
    isRead: !isForWriting(descriptor.flags),
    now: () => descriptor.opened?.closeNow(),
    later: async () => await descriptor.opened?.closeLater(),
    take() {
      free(descriptor.number);
      return undefined;
    },
  };
}
