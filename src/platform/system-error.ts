// Errors of the system in our terms: nothing that a disk, a limit or a permission does is an error of ours.
import { ResproutError, toError } from '../base/errors/errors.ts';
import { errnoOf } from './errno.ts';

const CURES: Readonly<Record<string, string>> = {
  EACCES: 'Give this user the right to use it, then run the command again',
  EPERM: 'Give this user the right to use it, then run the command again',
  EROFS: 'Make the file system writable, or name another place with --store',
  ENOSPC: 'Make space, then run the command again',
  EDQUOT: 'Make space within the quota, then run the command again',
  EMFILE: 'Raise the number of open files (ulimit -n), then run the command again',
  ENFILE: 'End processes that hold many files open, then run the command again',
};

/** Whether an error is the system's answer to a call, and not one of a program. */
export function isSystemError(error: Error): error is Error & { readonly code: string; readonly syscall: string } {
  return errnoOf(error) !== undefined && 'syscall' in error && typeof error.syscall === 'string';
}

/**
 * A thrown value as an error: what a call of the system answered as STORE_IO when it is about a file below one of `ours`, else as FILE_IO;
 * everything else as it is.
 * @param ours folders that hold nothing but files of Resprout, absolute
 */
export function codedError(thrown: unknown, ours: readonly string[]): Error {
  const error = toError(thrown);
  if (error instanceof ResproutError || !isSystemError(error)) return error;
  const path = pathOf(error);
  const isOurs = path !== undefined && ours.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const tried = `${error.syscall}${path === undefined ? '' : ` ${path}`}`;
  const problem = { tried, saw: error.message, do: CURES[error.code] };
  const what = `${path ?? 'a file'} could not be used: ${error.message}`;
  return isOurs
    ? new ResproutError('STORE_IO', what, { ...problem, kept: 'Everything that was answered is kept' }, { cause: error })
    : new ResproutError('FILE_IO', what, problem, { cause: error });
}

function pathOf(error: Error): string | undefined {
  if ('path' in error && typeof error.path === 'string') return error.path;
  return 'address' in error && typeof error.address === 'string' ? error.address : undefined;
}

/** Does something in a store; errors of the system are coded. @throws ResproutError STORE_IO, FILE_IO, and what `work` throws */
export async function inStore<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw codedError(thrown, [folder]);
  }
}
