// A file that is put on far sides, and its packed form in the cache of this machine.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm, stat, writeFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { headerWithoutSections, readElf } from './elf.ts';

/** How bytes travel. */
export type Packing = 'gzip' | 'zstd' | 'none';

/** A file as it is when it has arrived. */
export interface PushedFile {
  /** Its path in the folder over there. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Where it is read here: a file whose sections are left out, or the text itself. */
  readonly from: { readonly path: string } | { readonly text: string };
}

const PIECE_BYTES = 1024 * 1024;
const HEADER_BYTES = 64;
/** Better than 6 by a hundredth, in twice its time. */
const GZIP_LEVEL = 6;
const ZSTD_LEVEL = 6;

/** Bytes of a program without what is for debuggers, from `from` on. */
async function* piecesOf(path: string, bytes: number, from = 0): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    await file.read(header, 0, HEADER_BYTES, 0);
    const mended = headerWithoutSections(header);
    for (let at = from; at < bytes;) {
      if (at < HEADER_BYTES) {
        yield mended.subarray(at);
        at = HEADER_BYTES;
        continue;
      }
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, Math.min(PIECE_BYTES, bytes - at), at);
      if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** The bytes of a file as it will be over there. */
function streamOf({ from, bytes }: PushedFile): Readable {
  return 'text' in from ? Readable.from([Buffer.from(from.text)]) : Readable.from(piecesOf(from.path, bytes));
}

export function textFile(name: string, text: string): PushedFile {
  const bytes = Buffer.from(text);
  return { name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, from: { text } };
}

/** The folder of this user where packed files are kept; undefined when there is none that is this user's alone. */
async function ownFolder(cacheFolder: string | undefined): Promise<string | undefined> {
  if (cacheFolder === undefined) return undefined;
  const folder = join(cacheFolder, 'push');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const facts = await lstat(folder);
    return facts.isDirectory() && facts.uid === process.getuid?.() && (facts.mode & 0o022) === 0 ? folder : undefined;
  } catch {
    // It cannot be written: what is packed stays in memory.
    return undefined;
  }
}

/** What is kept, by the facts of its source. */
const keyOf = async (path: string): Promise<string> => {
  const { dev, ino, size, mtimeMs } = await stat(path);
  return createHash('sha256')
    .update(JSON.stringify([path, dev, ino, size, mtimeMs]))
    .digest('hex')
    .slice(0, 32);
};

/** Files that are put on far sides. One of a process: what was hashed or packed once is kept for the next far side. */
export class PushedFiles {
  readonly #folder: Promise<string | undefined>;
  readonly #known = new Map<string, Promise<PushedFile>>();
  readonly #packed = new Map<string, Promise<{ readonly bytes: number; readonly from: string | Buffer }>>();
  #count = 0;

  /** @param cacheFolder the cache of this user: `~/.cache/resprout` */
  constructor(cacheFolder: string | undefined) {
    this.#folder = ownFolder(cacheFolder);
  }

  /** A program or library of this machine, under a name over there. */
  programFile(name: string, path: string): Promise<PushedFile> {
    const key = `${name} ${path}`;
    let known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, (known = this.#hashed(name, path)));
    known.catch(() => this.#known.delete(key));
    return known;
  }

  async #hashed(name: string, path: string): Promise<PushedFile> {
    const folder = await this.#folder;
    const note = folder === undefined ? undefined : join(folder, `${await keyOf(path)}.sha256`);
    const said = note === undefined ? undefined : /^([0-9a-f]{64}) (\d+)\n$/.exec(await readFile(note, 'utf8').catch(() => ''));
    const [, kept, keptBytes] = said ?? [];
    if (kept !== undefined) return { name, sha256: kept, bytes: Number(keptBytes), from: { path } };
    const file = await open(path);
    let bytes: number;
    try {
      const elf = await readElf(file);
      if (elf === undefined) throw new Error(`${path} is no program of Linux`);
      bytes = elf.loadedBytes;
    } finally {
      await file.close();
    }
    const hash = createHash('sha256');
    for await (const piece of piecesOf(path, bytes)) hash.update(piece);
    const sha256 = hash.digest('hex');
    if (note !== undefined) await this.#place(note, (temporary) => writeFile(temporary, `${sha256} ${bytes}\n`));
    return { name, sha256, bytes, from: { path } };
  }

  /** How many bytes of a file travel. They are made at the first call and kept. */
  async packedBytes(file: PushedFile, packing: Packing): Promise<number> {
    if (packing === 'none') return file.bytes;
    const { bytes, from } = await this.#packedOf(file, packing);
    if (typeof from !== 'string' || (await stat(from).catch(() => undefined))?.size === bytes) return bytes;
    // Somebody has cleared the cache.
    await this.forget(file, packing);
    return (await this.#packedOf(file, packing)).bytes;
  }

  /** Some of the bytes that travel. */
  async read(file: PushedFile, packing: Packing, at: number): Promise<Uint8Array> {
    if (packing === 'none') {
      if ('text' in file.from) return Buffer.from(file.from.text).subarray(at, at + PIECE_BYTES);
      for await (const piece of piecesOf(file.from.path, file.bytes, at)) return piece;
      return new Uint8Array(0);
    }
    const { bytes, from } = await this.#packedOf(file, packing);
    if (typeof from !== 'string') return from.subarray(at, at + PIECE_BYTES);
    const opened = await open(from);
    try {
      const { buffer, bytesRead } = await opened.read(Buffer.allocUnsafe(PIECE_BYTES), 0, Math.min(PIECE_BYTES, bytes - at), at);
      return buffer.subarray(0, bytesRead);
    } finally {
      await opened.close();
    }
  }

  /** Forgets what was packed: it did not arrive as it was sent. */
  async forget(file: PushedFile, packing: Packing): Promise<void> {
    this.#packed.delete(`${file.sha256}.${packing}`);
    const folder = await this.#folder;
    if (folder !== undefined) await rm(join(folder, `${file.sha256}.${packing}`), { force: true });
  }

  #packedOf(file: PushedFile, packing: 'gzip' | 'zstd'): Promise<{ readonly bytes: number; readonly from: string | Buffer }> {
    const key = `${file.sha256}.${packing}`;
    let packed = this.#packed.get(key);
    if (packed === undefined) this.#packed.set(key, (packed = this.#pack(file, packing, key)));
    packed.catch(() => this.#packed.delete(key));
    return packed;
  }

  async #pack(
    file: PushedFile,
    packing: 'gzip' | 'zstd',
    key: string,
  ): Promise<{ readonly bytes: number; readonly from: string | Buffer }> {
    const packer = (): Transform =>
      packing === 'gzip'
        ? createGzip({ level: GZIP_LEVEL })
        : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } });
    const folder = await this.#folder;
    const path = folder === undefined ? undefined : join(folder, key);
    const kept = path === undefined ? undefined : await stat(path).catch(() => undefined);
    if (path !== undefined && kept !== undefined) return { bytes: kept.size, from: path };
    if (path !== undefined) {
      const isPlaced = await this.#place(path, (temporary) => pipeline(streamOf(file), packer(), createWriteStream(temporary)));
      if (isPlaced) return { bytes: (await stat(path)).size, from: path };
    }
    const pieces: Buffer[] = [];
    await pipeline(streamOf(file), packer(), async (source: AsyncIterable<Buffer>) => {
      for await (const piece of source) pieces.push(piece);
    });
    const from = Buffer.concat(pieces);
    return { bytes: from.length, from };
  }

  /** Writes a file that others see whole or not at all. False when there is no room or no right: then memory has to do. */
  async #place(path: string, write: (temporary: string) => Promise<void>): Promise<boolean> {
    this.#count += 1;
    const temporary = `${path}.${process.pid}.${this.#count}.tmp`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await write(temporary);
      await chmod(temporary, 0o600);
      await rename(temporary, path);
      return true;
    } catch (error) {
      await rm(temporary, { force: true });
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined || !['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'].includes(code)) throw error;
      return false;
    }
  }
}
