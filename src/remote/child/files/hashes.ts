import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/**
 * Bytes that are read at once. A stream has sixteen steps under way: this is what a small call waits behind, and what a long way holds. Larger
 * ones move no more bytes in a second and make small calls wait longer.
 */
export const CHUNK_BYTES: number = 60 * 1024;

/** A hash of the bytes of a file that come one after the other. */
export const newHash = (): Hash => createHash('sha256');

/** Reads a file from a place on, one chunk ahead. A chunk is valid until the next one is asked for. @param length at most so many bytes */
export async function* chunksOf(file: FileHandle, from: number, length: number): AsyncGenerator<Uint8Array> {
  const end = from + length;
  const size = Math.min(CHUNK_BYTES, length);
  let [current, other] = [new Uint8Array(size), new Uint8Array(size)];
  const read = async (buffer: Uint8Array, at: number): Promise<Uint8Array> => {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
    return buffer.subarray(0, bytesRead);
  };
  let reading = length > 0 ? read(current, from) : undefined;
  try {
    for (let at = from; at < end;) {
      const chunk = await reading;
      if (chunk === undefined || chunk.length === 0) return;
      at += chunk.length;
      [current, other] = [other, current];
      reading = at < end ? read(current, at) : undefined;
      // Whoever reads meanwhile may fail: that is told when its turn comes.
      reading?.catch(() => {});
      yield chunk;
    }
  } finally {
    // Nothing is read any more when the file is closed.
    await reading?.catch(() => {});
  }
}

/** Takes the beginning of a file into a hash. @returns how many bytes there were */
export async function hashBeginning(hash: Hash, file: FileHandle, length: number): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunksOf(file, 0, length)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return bytes;
}
