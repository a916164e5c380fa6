import { ResproutError } from '../../base/errors/errors.ts';

/** How far a transfer is. */
export interface FileProgress {
  /** The file that is under way, below the root of the transfer; empty for the root itself. */
  readonly path: string;
  /** Files that are done, of those that are sent at all. */
  readonly fileCount: number;
  readonly fileTotal: number;
  readonly bytes: number;
  readonly bytesTotal: number;
}

/** Options of `put`, `get` and `sync`. */
export interface CopyOptions {
  /** Stops the transfer: REMOTE_CALL_ABORTED. The next one goes on with a large file where this one stopped. */
  readonly signal?: AbortSignal | undefined;
  /**
   * By what a file that is there already counts as the same: `time` (size and time of change, the default), or `hash` (SHA-256, which reads it on both
   * sides).
   */
  readonly compare?: 'time' | 'hash' | undefined;
  /** Whether a large file goes on where an interrupted transfer of the same version stopped; true when absent. */
  readonly resume?: boolean | undefined;
  /**
   * Called while bytes move, ten times a second at the most, and at the end. Not in a session, whose replay could not call it again; inside an
   * `activity()` it is.
   */
  readonly onProgress?: ((progress: FileProgress) => void) | undefined;
}

/** Options of `sync`. */
export interface SyncOptions extends CopyOptions {
  /** `put`: the far folder becomes as the one here (the default); `get`: the one here becomes as the far one. */
  readonly direction?: 'put' | 'get' | undefined;
}

/** Options of `read`. */
export interface ReadOptions {
  /** `bytes`: a `Uint8Array`. `utf8` when absent. */
  readonly encoding?: 'utf8' | 'bytes' | undefined;
  /** A larger file is FILE_TOO_LARGE; 8 MiB when absent. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of `write`. */
export interface WriteOptions {
  /** Permission bits, such as `0o600`. Those of the file that is there when absent; for a new one 0o600 with a Secret, else 0o666 less the umask. */
  readonly mode?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isSignal = (value: unknown): boolean => value instanceof AbortSignal;
const isOneOf =
  (...texts: readonly string[]) =>
  (value: unknown): boolean =>
    texts.includes(value as string);

interface Check {
  readonly isFine: (value: unknown) => boolean;
  readonly form: string;
}
type Checks = Readonly<Record<string, Check>>;

const SIGNAL: Check = { isFine: isSignal, form: 'an AbortSignal' };
export const COPY_CHECKS: Checks = {
  signal: SIGNAL,
  compare: { isFine: isOneOf('time', 'hash'), form: '"time" or "hash"' },
  resume: { isFine: isBoolean, form: 'true or false' },
  onProgress: { isFine: (value) => typeof value === 'function', form: 'a function' },
};
export const SYNC_CHECKS: Checks = { ...COPY_CHECKS, direction: { isFine: isOneOf('put', 'get'), form: '"put" or "get"' } };
export const READ_CHECKS: Checks = {
  signal: SIGNAL,
  encoding: { isFine: isOneOf('utf8', 'bytes'), form: '"utf8" or "bytes"' },
  maxBytes: { isFine: (value) => Number.isInteger(value) && Number(value) >= 0, form: 'a whole number of bytes' },
};
export const WRITE_CHECKS: Checks = {
  signal: SIGNAL,
  mode: { isFine: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0o777, form: 'permission bits up to 0o777' },
};

/** @throws ResproutError CALL_OPTIONS_INVALID */
export function checkFileOptions(fn: string, options: object, checks: Checks): void {
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw refused(`"${name}" of ${fn}`, `one of ${Object.keys(checks).join(', ')}`);
    if (value !== undefined && !check.isFine(value)) throw refused(`"${name}" of ${fn}`, check.form);
  }
}

/** A path as the program gives it. @throws ResproutError CALL_OPTIONS_INVALID */
export function checkPath(fn: string, path: unknown): string {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) throw refused(`a path of ${fn}`, 'a text without NUL');
  return path;
}

function refused(what: string, form: string): ResproutError {
  return new ResproutError('CALL_OPTIONS_INVALID', `${what} is not ${form}`, { do: `Give ${form}` });
}
