// One small file as a value.
import { constants } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { fileError, unlessMissing, withFile } from './file-errors.ts';
import { newPart, release } from './parts.ts';
import { wholePath } from './paths.ts';
import { rootOf } from './prepare.ts';

/** The bytes of a file. @throws ResproutError FILE_MISSING, FILE_DENIED, FILE_KIND, FILE_TOO_LARGE, FILE_IO */
export async function read(given: string, mostBytes: number): Promise<Uint8Array> {
  const place = wholePath(given);
  return withFile('read', place, async () => {
    const facts = await stat(place);
    if (!facts.isFile()) throw fileError('FILE_KIND', 'read', place, facts.isDirectory() ? 'it is a folder' : 'it is no ordinary file');
    const file = await open(place, constants.O_RDONLY);
    try {
      return await bytesOf(file, place, mostBytes);
    } finally {
      await file.close();
    }
  });
}

/** Files of the system tell no size: they are read until they end. */
async function bytesOf(file: FileHandle, place: string, mostBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const piece = new Uint8Array(65_536);
    const { bytesRead } = await file.read(piece, 0, piece.length, null);
    if (bytesRead === 0) return Buffer.concat(pieces);
    bytes += bytesRead;
    if (bytes > mostBytes) throw fileError('FILE_TOO_LARGE', 'read', place, `it has more than ${mostBytes} bytes`);
    pieces.push(piece.subarray(0, bytesRead));
  }
}

/**
 * Writes a whole file: readers see the old one or the new one.
 * @param mode permission bits; those of the file that is there when undefined, `newMode` for a new one
 * @throws ResproutError FILE_MISSING, FILE_DENIED, FILE_KIND, FILE_FULL, FILE_IO
 */
export async function write(given: string, data: string | Uint8Array, mode: number | undefined, newMode: number): Promise<void> {
  const place = await rootOf(given);
  const known = await unlessMissing('look at', place, () => stat(place));
  if (known?.isFile() === false)
    throw fileError('FILE_KIND', 'write', place, known.isDirectory() ? 'it is a folder' : 'it is no ordinary file');
  const part = newPart(place, { bytes: -1, modifiedMs: 0 });
  await withFile('write', place, async () => {
    try {
      const file = await open(part, 'wx', mode ?? newMode);
      try {
        await file.writeFile(data);
        const bits = mode ?? (known === undefined ? undefined : known.mode & 0o777);
        if (bits !== undefined) await file.chmod(bits);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, place);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    } finally {
      release(part);
    }
  });
}
