// Unpacks a package of the npm registry: regular files only, below one folder, bounded. Everything else in it is refused or left out.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { PrimeError, toError } from '../problem.ts';

const BLOCK_BYTES = 512;
const MAX_BYTES = 2 * 1024 * 1024 * 1024;
const MAX_ENTRIES = 100_000;
const MAX_META_BYTES = 1024 * 1024;

const refuse = (message: string): never => {
  throw new PrimeError('PRIME_INTEGRITY', `the package is not well-formed: ${message}`, {
    do: 'Check the registry or proxy that serves it',
  });
};

const textOf = (block: Buffer, from: number, length: number): string => {
  const end = block.indexOf(0, from);
  return block.toString('utf8', from, end === -1 || end > from + length ? from + length : end);
};

function sizeOf(block: Buffer): number {
  const text = textOf(block, 124, 12).trim();
  return /^[0-7]{1,11}$/.test(text) ? parseInt(text, 8) : refuse('a size is not a number');
}

/** The path below the package's own folder (the first part is dropped). */
export function safePath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || name.includes('\0') || name.includes('\\') || parts.includes('..'))
    refuse(`the path ${JSON.stringify(name)}`);
  return parts.slice(1).join('/');
}

/** `path` of a pax header; undefined when it has none. */
export function paxPath(header: Buffer): string | undefined {
  let found: string | undefined;
  for (let at = 0; at < header.length;) {
    const space = header.indexOf(32, at);
    const length = space === -1 ? NaN : Number(header.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > header.length) return refuse('a header is broken');
    const record = header.toString('utf8', space + 1, at + length - 1);
    if (record.startsWith('path=')) found = record.slice('path='.length);
    at += length;
  }
  return found;
}

interface Sink {
  write(chunk: Buffer): void;
  end(): void;
}

/** Takes the unpacked stream in pieces of any size. */
class Unpacker {
  readonly #into: string;
  readonly #wanted: (file: string) => boolean;
  #rest: Buffer = Buffer.alloc(0);
  #left = 0;
  #padding = 0;
  #sink: Sink | undefined;
  #longName: string | undefined;
  #entries = 0;
  #bytes = 0;
  files = 0;

  constructor(into: string, wanted: (file: string) => boolean) {
    this.#into = into;
    this.#wanted = wanted;
  }

  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BYTES) refuse('it is larger than 2 GiB');
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    while (data.length > 0) {
      if (this.#left > 0) {
        const part = data.subarray(0, this.#left);
        this.#sink?.write(part);
        this.#left -= part.length;
        data = data.subarray(part.length);
        if (this.#left === 0) this.#endEntry();
      } else if (this.#padding > 0) {
        const skipped = Math.min(this.#padding, data.length);
        this.#padding -= skipped;
        data = data.subarray(skipped);
      } else if (data.length < BLOCK_BYTES) {
        this.#rest = data;
        return;
      } else {
        this.#begin(data.subarray(0, BLOCK_BYTES));
        data = data.subarray(BLOCK_BYTES);
      }
    }
  }

  /** Must be called after the last piece. */
  finish(): void {
    if (this.#left > 0 || this.#rest.length > 0) refuse('it ends in the middle of a file');
  }

  /** Closes what is open after an error. */
  abandon(): void {
    this.#sink?.end();
    this.#sink = undefined;
  }

  #begin(block: Buffer): void {
    if (block.every((byte) => byte === 0)) return;
    if ((this.#entries += 1) > MAX_ENTRIES) refuse('it has too many entries');
    const size = sizeOf(block);
    const kind = String.fromCharCode(block[156] ?? 0);
    const prefix = textOf(block, 257, 5) === 'ustar' ? textOf(block, 345, 155) : '';
    const name = this.#longName ?? (prefix === '' ? textOf(block, 0, 100) : `${prefix}/${textOf(block, 0, 100)}`);
    this.#left = size;
    this.#padding = (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
    if (kind === 'x' || kind === 'L') {
      if (size > MAX_META_BYTES) refuse('a header is too long');
      const parts: Buffer[] = [];
      this.#sink = {
        write: (chunk) => parts.push(Buffer.from(chunk)),
        end: () => {
          const all = Buffer.concat(parts);
          this.#longName = kind === 'x' ? (paxPath(all) ?? this.#longName) : textOf(all, 0, all.length);
        },
      };
    } else if (kind === 'g') {
      this.#sink = undefined;
    } else {
      this.#longName = undefined;
      const file = kind === '0' || kind === '\0' ? safePath(name) : '';
      this.#sink =
        file !== '' && this.#wanted(file) ? this.#open(file, (Number.parseInt(textOf(block, 100, 8), 8) & 0o111) !== 0) : undefined;
    }
    if (size === 0) this.#endEntry();
  }

  #open(file: string, executable: boolean): Sink {
    const target = path.join(this.#into, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const fd = fs.openSync(target, 'wx', executable ? 0o755 : 0o644);
    this.files += 1;
    return {
      write: (chunk) => {
        for (let at = 0; at < chunk.length;) at += fs.writeSync(fd, chunk, at);
      },
      end: () => fs.closeSync(fd),
    };
  }

  #endEntry(): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.end();
  }
}

/**
 * Unpacks a `.tgz` below `into` (which exists and is empty). Returns the number of files written.
 * @throws PrimeError PRIME_INTEGRITY when it is broken or a path leads outside
 */
export function unpack(tgz: string, into: string, wanted: (file: string) => boolean): Promise<number> {
  const unpacker = new Unpacker(into, wanted);
  const source = fs.createReadStream(tgz);
  const plain = source.pipe(zlib.createGunzip());
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      source.destroy();
      plain.destroy();
      unpacker.abandon();
      reject(toError(error));
    };
    source.on('error', fail);
    plain.on('error', fail);
    plain.on('data', (chunk: Buffer) => {
      try {
        unpacker.push(chunk);
      } catch (error) {
        fail(error);
      }
    });
    plain.on('end', () => {
      try {
        unpacker.finish();
        resolve(unpacker.files);
      } catch (error) {
        fail(error);
      }
    });
  });
}
