// What two sides tell each other about files. The same on both: whoever has the files lists and sends, the other one prepares and receives.

/** One file, folder or symbolic link below a root. */
export interface Entry {
  /** Names below the root, joined by `/`; empty for the root itself. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Permission bits, 0o777 at most. */
  readonly mode: number;
  readonly bytes: number;
  /** Time of the last change, milliseconds since the epoch and parts of one. */
  readonly modifiedMs: number;
  /** Where a link points. */
  readonly target?: string | undefined;
  /** SHA-256 of a file, hexadecimal, when files are compared by that. */
  readonly hash?: string | undefined;
}

/** What is not carried, and why. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}

/** Some of what is below a root; parents come before what is in them. */
export interface Listing {
  readonly entries: readonly Entry[];
  readonly skipped: readonly Skipped[];
}

/** A file that the receiving side wants, from a place on. */
export interface Wanted extends Pick<Entry, 'path' | 'mode' | 'bytes' | 'modifiedMs'> {
  /** Bytes that are there already, of an interrupted transfer. */
  readonly offset: number;
}

/** What the receiving side has found and made. */
export interface Prepared {
  readonly wanted: readonly Pick<Wanted, 'path' | 'offset'>[];
  readonly unchangedCount: number;
  readonly folderCount: number;
  readonly linkCount: number;
  readonly removedCount: number;
}

/** How the receiving side compares and clears. */
export interface PrepareOptions {
  /** Whether what the other side does not have is removed. */
  readonly isExact: boolean;
  /** Whether what is left of interrupted transfers is used. */
  readonly mayResume: boolean;
}

/** A piece of a stream of files: each begins with its path and ends with the hash of the whole of it. */
export type Piece =
  | { readonly t: 'file'; readonly path: string }
  | { readonly t: 'data'; readonly bytes: Uint8Array }
  | { readonly t: 'end'; readonly hash: string };

/** Some pieces: one step of the stream. */
export type Pieces = readonly Piece[];

/** Entries of one transfer, count. */
export const MOST_ENTRIES = 1_000_000;
