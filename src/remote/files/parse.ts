// What the far side says of files, looked at before it is used.
import { ResproutError } from '../../base/errors/errors.ts';
import { MOST_ENTRIES, type Entry, type Listing, type Piece, type Pieces, type Prepared, type Skipped } from '../child/files/entries.ts';

type Fields = Readonly<Record<string, unknown>>;

function wrong(what: string): ResproutError {
  return new ResproutError('REMOTE_PROTOCOL', `the far side told of files in a way that is not understood: ${what}`, { saw: what });
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(`${what} is no object`);
  return value as Fields;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) throw wrong(`${what} is no list`);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length > 65_536) throw wrong(`${what} is no text`);
  return value;
}

function countOf(value: unknown, what: string, most: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0 || Number(value) > most) throw wrong(`${what} is no count`);
  return value as number;
}

function parseEntry(value: unknown): Entry {
  const { bytes, hash, kind, mode, modifiedMs, path, target } = fieldsOf(value, 'an entry');
  if (kind !== 'file' && kind !== 'folder' && kind !== 'link') throw wrong('the kind of an entry');
  if (typeof modifiedMs !== 'number' || !Number.isFinite(modifiedMs)) throw wrong('the time of an entry');
  return {
    path: textOf(path, 'a path'),
    kind,
    mode: countOf(mode, 'a mode', 0o777),
    bytes: countOf(bytes, 'a size'),
    modifiedMs,
    ...(kind === 'link' ? { target: textOf(target, 'a link') } : {}),
    ...(hash === undefined ? {} : { hash: textOf(hash, 'a hash') }),
  };
}

function parseSkipped(value: unknown): Skipped {
  const { path, why } = fieldsOf(value, 'what is skipped');
  return { path: textOf(path, 'a path'), why: textOf(why, 'a reason') };
}

/** @throws ResproutError REMOTE_PROTOCOL */
export function parseListing(value: unknown): Listing {
  const { entries, skipped } = fieldsOf(value, 'a listing');
  return { entries: listOf(entries, 'a listing').map(parseEntry), skipped: listOf(skipped, 'a listing').map(parseSkipped) };
}

/** @throws ResproutError REMOTE_PROTOCOL */
export function parsePrepared(value: unknown): Prepared {
  const { folderCount, linkCount, removedCount, unchangedCount, wanted } = fieldsOf(value, 'a preparation');
  return {
    wanted: listOf(wanted, 'what is wanted').map((one) => {
      const { offset, path } = fieldsOf(one, 'what is wanted');
      return { path: textOf(path, 'a path'), offset: countOf(offset, 'a place') };
    }),
    unchangedCount: countOf(unchangedCount, 'a count'),
    folderCount: countOf(folderCount, 'a count'),
    linkCount: countOf(linkCount, 'a count'),
    removedCount: countOf(removedCount, 'a count'),
  };
}

function parsePiece(value: unknown): Piece {
  const { bytes, hash, path, t } = fieldsOf(value, 'a piece');
  if (t === 'file') return { t, path: textOf(path, 'a path') };
  if (t === 'end') return { t, hash: textOf(hash, 'a hash') };
  if (t === 'data' && bytes instanceof Uint8Array) return { t, bytes };
  throw wrong('a piece of a file');
}

/** @throws ResproutError REMOTE_PROTOCOL */
export const parsePieces = (value: unknown): Pieces => listOf(value, 'a step').map(parsePiece);
