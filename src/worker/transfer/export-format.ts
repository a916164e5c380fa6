// The format of an export (docs/journal.md): JSON, one object a line. A header, the files of the builds, every event, an end with the checksum of
// all bytes before it. Nothing in it depends on the store that it comes from or on the time.
import { LIMITS } from '../../wire/index.ts';

export const FORMAT_NAME = 'resprout-session';
/** Raised when a reader of this version could not read the next one. */
export const FORMAT_VERSION = 1;

/** Bytes of a file of a build in one line; longer ones have several lines. */
export const PIECE_BYTES = 1_048_576;
/** Characters of an event in its form for people; a longer one is left out, since its record has everything. */
export const SHOWN_CHARS = 65_536;
/** The longest line: a record in base64, at most four bytes a character of what is shown, and the names of the fields. */
export const LINE_BYTES: number = Math.ceil(LIMITS.eventBytes / 3) * 4 + SHOWN_CHARS * 4 + 4096;
/** Files of builds wait in memory until the whole import was checked. */
export const BUILDS_BYTES: number = 256 * 1024 * 1024;
/** Events of one row. What a runner sends in one piece is far smaller. */
export const ROW_BYTES: number = 4 * LIMITS.eventBytes;

export interface HeaderLine {
  readonly kind: 'header';
  readonly format: typeof FORMAT_NAME;
  readonly version: number;
  /** Version of the journal. */
  readonly journal: number;
  readonly session: string;
}

/** A file of a build, or a piece of one. */
export interface BuildLine {
  readonly kind: 'build';
  /** Below the folder of builds. */
  readonly path: string;
  /** Base64. */
  readonly bytes: string;
  /** The next line goes on with it. */
  readonly more?: true | undefined;
}

export interface EventLine {
  readonly kind: 'event';
  readonly seq: number;
  /** For people: recorded values decoded. Nothing is read from it. */
  readonly event: unknown;
  /** The record, bytes of the value codec in base64. */
  readonly record: string;
  /** With the last event of a row: the chained checksum up to there, in hexadecimal. */
  readonly chain?: string | undefined;
}

export interface EndLine {
  readonly kind: 'end';
  readonly events: number;
  /** How the session had ended; null: it had not. */
  readonly ended: 'done' | 'failed' | 'cancelled' | null;
  /** SHA-256 of all bytes before this line, in hexadecimal. */
  readonly sha256: string;
}

export type ExportLine = HeaderLine | BuildLine | EventLine | EndLine;

/** Base64 of bytes. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
