// Reads what the shim has noted, and builds the files as a power cut would have left them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One noted change. */
export interface WriteOp {
  readonly kind: 'W' | 'T' | 'S' | 'U' | 'R' | 'A';
  readonly name: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

const KINDS: ReadonlySet<string> = new Set(['W', 'T', 'S', 'U', 'R', 'A']);

export function readWriteLog(file: string): WriteOp[] {
  const log = readFileSync(file);
  const ops: WriteOp[] = [];
  for (let at = 0; at < log.length;) {
    const end = log.indexOf(10, at);
    const [kind = '', name = '', offset = '0', length = '0'] = log.toString('utf8', at, end).split(' ');
    if (!KINDS.has(kind)) throw new Error(`the write log is broken at byte ${at}`);
    at = end + 1 + Number(length);
    ops.push({ kind: kind as WriteOp['kind'], name, offset: Number(offset), bytes: log.subarray(end + 1, at) });
  }
  return ops;
}

/** What becomes of a change that no sync has covered. `tear`: only its first half, in units of a sector. */
export type Fate = 'keep' | 'drop' | 'tear';

const SECTOR_BYTES = 512;

/** A file that grows in place. */
class Content {
  #bytes = Buffer.alloc(0);
  #size = 0;

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  resize(size: number): void {
    if (size > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(size, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#size);
      this.#bytes = grown;
    }
    if (size > this.#size) this.#bytes.fill(0, this.#size, size);
    this.#size = size;
  }

  write(bytes: Buffer, offset: number): void {
    if (offset + bytes.length > this.#size) this.resize(offset + bytes.length);
    bytes.copy(this.#bytes, offset);
  }
}

/** The files as they stand on the medium after the first `cut` changes, when the power goes there. SQLite's `-shm` is never among them. */
export class DiskImage {
  readonly #files = new Map<string, Content>();
  readonly #pending = new Map<string, WriteOp[]>();
  /** Numbers that the program has acknowledged before the cut. */
  readonly acknowledged: number[] = [];

  constructor(ops: readonly WriteOp[], cut: number, fate: (op: WriteOp) => Fate) {
    for (const op of ops.slice(0, cut)) if (!op.name.endsWith('-shm')) this.#take(op);
    for (const [name, pending] of this.#pending)
      for (const op of pending) {
        const how = fate(op);
        if (how === 'keep' || (how === 'tear' && op.kind === 'T')) this.#apply(name, op, op.bytes.length);
        else if (how === 'tear') this.#apply(name, op, Math.floor(op.bytes.length / 2 / SECTOR_BYTES) * SECTOR_BYTES);
      }
  }

  #take(op: WriteOp): void {
    const { kind, name } = op;
    const pending = this.#pending.get(name) ?? [];
    if (kind === 'A')
      this.acknowledged.push(
        ...op.bytes
          .toString()
          .trim()
          .split('\n')
          .map((line) => Number(line.slice(1))),
      );
    else if (kind === 'W' || kind === 'T') {
      pending.push(op);
      this.#pending.set(name, pending);
    } else if (kind === 'S') {
      for (const waiting of pending) this.#apply(name, waiting, waiting.bytes.length);
      this.#pending.delete(name);
    } else this.#move(name, kind === 'R' ? op.bytes.toString() : undefined, pending);
  }

  /** A rename or an unlink; both are taken as durable at once. */
  #move(name: string, target: string | undefined, pending: WriteOp[]): void {
    const content = this.#files.get(name);
    this.#files.delete(name);
    this.#pending.delete(name);
    if (target === undefined) return;
    if (content !== undefined) this.#files.set(target, content);
    if (pending.length > 0) this.#pending.set(target, pending);
  }

  #apply(name: string, op: WriteOp, length: number): void {
    const file = this.#files.get(name) ?? new Content();
    if (op.kind === 'T') file.resize(op.offset);
    else file.write(op.bytes.subarray(0, length), op.offset);
    this.#files.set(name, file);
  }

  /** Writes the files into a new folder, with the modes of a store. */
  writeTo(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [name, content] of this.#files) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, content.bytes, { mode: 0o600 });
    }
  }
}
