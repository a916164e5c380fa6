// What neutral code cannot know of Node's own objects: the real NodeKinds of the journal's codec.
import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { types } from 'node:util';
import { isFetchObject, type FetchObjects } from '../engine/fetch-client.ts';
import { isKey, keyForm, keyFrom } from './node-keys.ts';

function streamOf(bytes: Uint8Array, sdk: boolean): Readable {
  const buffer = Buffer.from(bytes);
  const stream = Readable.from([buffer], { objectMode: false });
  if (!sdk) return stream;
  return Object.assign(stream, {
    transformToString: (encoding?: BufferEncoding): Promise<string> => Promise.resolve(buffer.toString(encoding ?? 'utf8')),
    transformToByteArray: (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(buffer)),
    transformToWebStream: () => new Blob([new Uint8Array(buffer)]).stream(),
  });
}

/** Answers of the running Node. Has the shape of NodeKinds in durable/journal. */
export const nodeKinds = {
  isProxy: (value: object): boolean => types.isProxy(value),
  isBuffer: (value: unknown): value is Buffer<ArrayBufferLike> => Buffer.isBuffer(value),
  bufferFrom: (bytes: Uint8Array): Buffer<ArrayBuffer> => Buffer.from(new Uint8Array(bytes).buffer),
  isFetchObject: <Name extends keyof FetchObjects>(name: Name, value: unknown): value is FetchObjects[Name] => isFetchObject(name, value),
  isKey: (value: object): boolean => isKey(value),
  keyForm: (value: object): unknown => keyForm(value),
  keyFrom: (form: unknown): object => keyFrom(form),
  isUnreadStream: (value: object): value is Readable =>
    // A socket is readable too, but it never ends by itself: only what cannot be written is read to its end.
    value instanceof Readable && !('write' in value) && value.readable && !value.readableDidRead,
  pieceBytes: (piece: unknown): Uint8Array | undefined =>
    typeof piece === 'string' ? Buffer.from(piece) : piece instanceof Uint8Array ? piece : undefined,
  streamFrom: (bytes: Uint8Array, sdk: boolean): Readable => streamOf(bytes, sdk),
};
