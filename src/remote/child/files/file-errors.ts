// What a system says about a file, as an error with a code.
import type { ErrorCode } from '../../../base/errors/error-codes.ts';
import { isResproutError, ResproutError } from '../../../base/errors/errors.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'FILE_MISSING',
  ENOTDIR: 'FILE_KIND',
  EISDIR: 'FILE_KIND',
  EACCES: 'FILE_DENIED',
  EPERM: 'FILE_DENIED',
  EROFS: 'FILE_DENIED',
  ENOSPC: 'FILE_FULL',
  EDQUOT: 'FILE_FULL',
  EFBIG: 'FILE_FULL',
};

const MEANS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'it is larger than a file may be there',
  ELOOP: 'its symbolic links go round',
  ENAMETOOLONG: 'the name is too long',
};

/** A coded error about one file. @param what what was tried, such as `write` */
export function fileError(code: ErrorCode, what: string, path: string, saw: string, cause?: unknown): ResproutError {
  const options = cause === undefined ? undefined : { cause };
  return new ResproutError(code, `cannot ${what} "${path}": ${saw}`, { tried: `${what} ${path}`, saw }, options);
}

/** What was thrown as a coded error; one that has a code of ours already stays as it is. */
export function asFileError(thrown: unknown, what: string, path: string): unknown {
  if (isResproutError(thrown)) return thrown;
  const errno = errnoOf(thrown);
  if (errno === undefined) return thrown;
  const saw = `${MEANS[errno] ?? (thrown as Error).message} (${errno})`;
  return fileError(CODES[errno] ?? 'FILE_IO', what, path, saw, thrown);
}

/** The system's code of an error; undefined for any other value. */
export function errnoOf(thrown: unknown): string | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'syscall' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Does something with one file; what the system refuses is coded. */
export async function withFile<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw asFileError(thrown, what, path);
  }
}

/** The same where a missing file is no error: undefined then. */
export async function unlessMissing<T>(what: string, path: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw asFileError(thrown, what, path);
  }
}
