// What a program left in its folder.
import { createHash } from 'node:crypto';
import { constants, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

export interface FilePicture {
  /** `folder`, `link TARGET`, or the size and hash of a file; `volatile` where the content does not count. */
  readonly is: string;
  /** For files that are not large: to see a line that stands twice. */
  readonly text?: string;
}

export type FolderPicture = ReadonlyMap<string, FilePicture>;

const TEXT_BYTES = 256 * 1024;

/** A look between kill and resume is none that the program could see. */
const UNSEEN = constants.O_RDONLY | (process.platform === 'linux' ? constants.O_NOATIME : 0);

function pictureOf(file: string): FilePicture {
  const stat = lstatSync(file);
  if (stat.isDirectory()) return { is: 'folder' };
  if (stat.isSymbolicLink()) return { is: `link ${readlinkSync(file)}` };
  if (!stat.isFile()) return { is: 'special' };
  const bytes = readFileSync(file, { flag: UNSEEN as unknown as string });
  const is = `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
  return bytes.length > TEXT_BYTES ? { is } : { is, text: bytes.toString('latin1') };
}

/** @param volatile names whose content does not count */
export function folderPicture(folder: string, volatile: readonly string[] = []): FolderPicture {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(
    names.map((name) => [name, volatile.includes(path.basename(name)) ? { is: 'volatile' } : pictureOf(path.join(folder, name))]),
  );
}
