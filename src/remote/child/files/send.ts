// The sending side: the bytes of the files that are wanted, and the hash of each.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileError, withFile } from './file-errors.ts';
import { CHUNK_BYTES, chunksOf, hashBeginning, newHash } from './hashes.ts';
import type { Piece, Pieces, Wanted } from './entries.ts';
import { placeOf, wholePath } from './paths.ts';

/** What a piece costs beside its bytes, about. */
const PIECE_BYTES = 300;

/** The files, piece by piece: small ones together, large ones in parts. The bytes of a step are valid until the next one is asked for. */
export async function* send(given: string, wanted: readonly Wanted[]): AsyncGenerator<Pieces> {
  const root = wholePath(given);
  let pieces: Piece[] = [];
  let bytes = 0;
  for (const file of wanted)
    for await (const piece of piecesOf(placeOf(root, file.path), file)) {
      pieces.push(piece);
      bytes += piece.t === 'data' ? piece.bytes.length : PIECE_BYTES;
      if (bytes < CHUNK_BYTES && (piece.t !== 'data' || file.bytes < CHUNK_BYTES)) continue;
      yield pieces;
      [pieces, bytes] = [[], 0];
    }
  if (pieces.length > 0) yield pieces;
}

async function* piecesOf(place: string, file: Wanted): AsyncGenerator<Piece> {
  // The root may be a link; nothing below it is followed.
  const flags = constants.O_RDONLY | (file.path === '' ? 0 : constants.O_NOFOLLOW);
  const handle = await withFile('read', place, () => open(place, flags));
  try {
    const isSame = async (): Promise<boolean> => {
      const facts = await handle.stat();
      return facts.size === file.bytes && facts.mtimeMs === file.modifiedMs;
    };
    const changed = (): Error => fileError('FILE_CHANGED', 'copy', place, 'it was changed meanwhile');
    if (!(await isSame())) throw changed();
    yield { t: 'file', path: file.path };
    const hash = newHash();
    let at = file.offset === 0 ? 0 : await withFile('read', place, () => hashBeginning(hash, handle, file.offset));
    for await (const bytes of chunksOf(handle, file.offset, file.bytes - file.offset)) {
      hash.update(bytes);
      at += bytes.length;
      yield { t: 'data', bytes };
    }
    if (at !== file.bytes || !(await isSame())) throw changed();
    yield { t: 'end', hash: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}
