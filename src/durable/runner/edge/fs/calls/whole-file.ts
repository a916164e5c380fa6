// readFile, writeFile, appendFile and truncate of an open file: from where it stands.
import type { Session } from '../../../../replay/session/session-api.ts';
import type { Descriptor } from '../descriptors/descriptor.ts';
import { bytesOf, isView } from '../descriptors/fd-arguments.ts';
import { fileOf } from '../descriptors/fd-calls.ts';
import { plainRequest, readAllRequest, writeAllRequest } from '../descriptors/fd-requests.ts';
import { printTo } from '../descriptors/standard.ts';
import type { Request } from '../request.ts';

function encodingOf(options: unknown): BufferEncoding | undefined {
  const encoding: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'encoding') : options;
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : undefined;
}

/** Whether data of `writeFile` is made piece by piece: a stream, a generator. */
export function isPieces(data: unknown): data is AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || isView(data)) return false;
  return Symbol.asyncIterator in data || Symbol.iterator in data;
}

/** Data of `writeFile` as bytes. */
export function dataBytes(data: unknown, options: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, encodingOf(options) ?? 'utf8');
  return isView(data) ? bytesOf(data) : Buffer.from(String(data));
}

/** What is asked of an open file. @param name as in node:fs, without `Sync` */
export function descriptorRequest(descriptor: Descriptor, fn: string, name: string, args: readonly unknown[]): Request<unknown> {
  if (name === 'readFile') {
    const whole = readAllRequest({ descriptor, fn });
    const encoding = encodingOf(args[0]);
    return encoding === undefined ? whole : { ...whole, take: (value) => whole.take(value).toString(encoding) };
  }
  if (name === 'truncate') return plainRequest({ descriptor, fn }, 'ftruncate', args, false);
  return writeAllRequest({ descriptor, fn }, dataBytes(args[0], args[1]));
}

/** The same for its number. @throws EBADF */
export function fileRequest(session: Session, fn: string, name: string, number: number, args: readonly unknown[]): Request<unknown> {
  if ((number === 1 || number === 2) && name !== 'readFile' && name !== 'truncate') return printed(fn, number, dataBytes(args[0], args[1]));
  return descriptorRequest(fileOf(session, number, name === 'readFile' ? 'read' : 'write'), fn, name, args);
}

/** Output of the program is shown where it is taken, once. */
function printed(fn: string, number: 1 | 2, bytes: Uint8Array): Request<undefined> {
  return {
    fn,
    args: [number, bytes],
    isRead: true,
    now: () => undefined,
    later: async () => await Promise.resolve(),
    take: () => void printTo(number, bytes),
  };
}
