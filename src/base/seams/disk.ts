/** The seam for stamps, caches and builds: few named operations, all synchronous. Errors are those of the system, with `code`. */
export interface Disk {
  /** The bytes of a file; undefined when it does not exist. */
  read(path: string): Uint8Array | undefined;
  /** The text of a file, UTF-8 without byte order mark; undefined when it does not exist. */
  readText(path: string): string | undefined;
  /** Writes the whole file by a temporary name and rename: readers see the old or the new one, never a part. Mode 0600 unless given. */
  writeAtomic(path: string, data: string | Uint8Array, mode?: number): void;
  /** Appends one piece and syncs it. */
  append(path: string, data: string): void;
  /** Makes a folder and its parents. Mode 0700 unless given. */
  makeFolder(path: string, mode?: number): void;
  /** Names in a folder; undefined when it does not exist. */
  list(path: string): readonly string[] | undefined;
  /** Facts of a path (links followed); undefined when it does not exist. */
  stat(
    path: string,
  ): { readonly isFile: boolean; readonly isFolder: boolean; readonly bytes: number; readonly modifiedMs: number } | undefined;
  /** The path with all links resolved; undefined when it does not exist. */
  realPath(path: string): string | undefined;
  /** Gives a file or folder another name on the same file system; what had it is replaced, unless it is a folder with content. */
  rename(from: string, to: string): void;
  /** Sets the time of the last change to now; false when the file does not exist. A file that may not be changed stays as it is. */
  touch(path: string): boolean;
  /** Removes a file or a folder with what is in it; nothing happens when it is not there. */
  remove(path: string): void;
}
