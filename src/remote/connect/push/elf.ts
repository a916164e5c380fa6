import type { FileHandle } from 'node:fs/promises';

/** What is read of a program or library of Linux. */
export interface Elf {
  /** `x64`, `arm64` as Node calls them. */
  readonly arch: string;
  /** The loader that the system starts it with; undefined for a library, or for a program that needs none. */
  readonly interpreter: string | undefined;
  /** Libraries by the names under which they are sought. */
  readonly needed: readonly string[];
  /** The name under which it is sought. */
  readonly soname: string | undefined;
  /** Where that ends which is loaded when it runs; what follows is for debuggers. */
  readonly loadedBytes: number;
}

const ARCHES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64', 21: 'ppc64', 22: 's390x', 243: 'riscv64', 258: 'loong64' };
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const MOST_SEGMENTS = 64;
const MOST_TABLE_BYTES = 64 * 1024 * 1024;
const SEGMENT = { LOAD: 1, DYNAMIC: 2, INTERPRETER: 3 };
const ENTRY = { NEEDED: 1n, STRINGS: 5n, STRINGS_BYTES: 10n, SONAME: 14n };

interface Segment {
  readonly kind: number;
  readonly at: number;
  readonly address: number;
  readonly bytes: number;
}

/** Fewer bytes, or none, where the file does not have them. */
async function readAt(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  if (!Number.isSafeInteger(at)) return Buffer.alloc(0);
  const buffer = Buffer.alloc(Math.min(bytes, MOST_TABLE_BYTES));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
  return buffer.subarray(0, bytesRead);
}

const textAt = (bytes: Buffer, from: number): string => {
  const end = bytes.indexOf(0, from);
  return bytes.toString('utf8', from, end < 0 ? bytes.length : end);
};

async function segmentsOf(file: FileHandle, header: Buffer): Promise<readonly Segment[]> {
  const count = Math.min(header.readUInt16LE(56), MOST_SEGMENTS);
  const table = await readAt(file, Number(header.readBigUInt64LE(32)), count * SEGMENT_BYTES);
  return Array.from({ length: Math.floor(table.length / SEGMENT_BYTES) }, (_, index) => {
    const from = index * SEGMENT_BYTES;
    const number = (offset: number): number => Number(table.readBigUInt64LE(from + offset));
    return { kind: table.readUInt32LE(from), at: number(8), address: number(16), bytes: number(32) };
  });
}

/** The names that the dynamic section holds. */
async function namesOf(file: FileHandle, segments: readonly Segment[]): Promise<Pick<Elf, 'needed' | 'soname'>> {
  const dynamic = segments.find(({ kind }) => kind === SEGMENT.DYNAMIC);
  if (dynamic === undefined) return { needed: [], soname: undefined };
  const table = await readAt(file, dynamic.at, dynamic.bytes);
  const entries = Array.from({ length: Math.floor(table.length / 16) }, (_, index) => ({
    tag: table.readBigInt64LE(index * 16),
    value: Number(table.readBigUInt64LE(index * 16 + 8)),
  }));
  const valueOf = (tag: bigint): number => entries.find((entry) => entry.tag === tag)?.value ?? 0;
  const address = valueOf(ENTRY.STRINGS);
  const home = segments.find(
    (segment) => segment.kind === SEGMENT.LOAD && segment.address <= address && address < segment.address + segment.bytes,
  );
  if (home === undefined) return { needed: [], soname: undefined };
  const strings = await readAt(file, home.at + address - home.address, valueOf(ENTRY.STRINGS_BYTES));
  const soname = valueOf(ENTRY.SONAME);
  return {
    needed: entries.filter(({ tag }) => tag === ENTRY.NEEDED).map(({ value }) => textAt(strings, value)),
    soname: soname === 0 ? undefined : textAt(strings, soname),
  };
}

/** Reads a file of 64 bits, little endian; undefined for any other file. */
export async function readElf(file: FileHandle): Promise<Elf | undefined> {
  const header = await readAt(file, 0, HEADER_BYTES);
  if (header.length < HEADER_BYTES || header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1) return undefined;
  const segments = await segmentsOf(file, header);
  const interpreter = segments.find(({ kind }) => kind === SEGMENT.INTERPRETER);
  return {
    arch: ARCHES[header.readUInt16LE(18)] ?? 'unknown',
    interpreter: interpreter === undefined ? undefined : textAt(await readAt(file, interpreter.at, interpreter.bytes), 0),
    ...(await namesOf(file, segments)),
    loadedBytes: Math.max(HEADER_BYTES, ...segments.map(({ at, bytes }) => at + bytes)),
  };
}

/** The header of a file that ends where its last segment ends: it names no sections any more. */
export function headerWithoutSections(header: Uint8Array): Buffer {
  const mended = Buffer.from(header);
  mended.writeBigUInt64LE(0n, 40);
  mended.writeUInt16LE(0, 60);
  mended.writeUInt16LE(0, 62);
  return mended;
}
