// Hashes: of downloads against the committed integrity, of what lies in the cache against what was put there.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { lstat, namesIn } from '../files.ts';

const CHUNK_BYTES = 1024 * 1024;

/** `sha512-…` of a file, as registries write it. */
export function integrityOf(file: string): string {
  const hash = createHash('sha512');
  const fd = fs.openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let n = fs.readSync(fd, chunk, 0, CHUNK_BYTES, null); n > 0; n = fs.readSync(fd, chunk, 0, CHUNK_BYTES, null))
      hash.update(chunk.subarray(0, n));
  } finally {
    fs.closeSync(fd);
  }
  return `sha512-${hash.digest('base64')}`;
}

/** One hash of all files below a folder: names, kinds, executable bits and contents. */
export function treeHash(folder: string, except: readonly string[] = []): string {
  const hash = createHash('sha512');
  const walk = (relative: string): void => {
    for (const name of namesIn(path.join(folder, relative))) {
      if (relative === '' && except.includes(name)) continue;
      const inner = path.posix.join(relative, name);
      const file = path.join(folder, inner);
      const facts = lstat(file);
      if (facts?.isDirectory() === true) walk(inner);
      else if (facts?.isFile() === true) hash.update(`${inner}\0${(facts.mode & 0o100) === 0 ? 'f' : 'x'}\0${integrityOf(file)}\n`);
      else hash.update(`${inner}\0?\n`);
    }
  };
  walk('');
  return hash.digest('hex');
}

/** SHA-256 of texts, in hexadecimal; lengths are part of it. */
export function hashOf(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest('hex');
}
