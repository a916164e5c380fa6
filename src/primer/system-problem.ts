// What the machine refuses, as an error that the user can act on: the place, what was tried there, and a cure by the system's code.
import path from 'node:path';
import { lstat } from './files.ts';
import { PrimeError, systemCode } from './problem.ts';

const CURES: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on that file system, then run it again: it goes on from what is complete',
  EDQUOT: 'Make room within your quota, then run it again: it goes on from what is complete',
  EROFS: 'Prepare the folder where it can be written, then use it read-only',
  EMFILE: 'Raise the limit of open files (ulimit -n), then run it again',
  ENFILE: 'The machine has too many files open; end something, then run it again',
  EIO: 'The disk does not answer as it should; look at the log of the system',
  EISDIR: 'Something else lies at that place; remove it, then run it again',
  ENOTDIR: 'Something else lies at that place; remove it, then run it again',
  EEXIST: 'Something else lies at that place; remove it, then run it again',
  ENOTEMPTY: 'Something else lies at that place; remove it, then run it again',
  ELOOP: 'Links lead round in a circle there; remove one of them',
  ENAMETOOLONG: 'The folder lies too deep; move it up',
  EBUSY: 'End what uses it, or unmount it, then run it again',
};

/** Who owns the nearest thing that is there, when it is not us. */
function foreignOwner(place: string): string | undefined {
  for (let at = place; ; at = path.dirname(at)) {
    const facts = lstatOrNothing(at);
    if (facts !== undefined || path.dirname(at) === at)
      return facts !== undefined && typeof process.getuid === 'function' && facts.uid !== process.getuid()
        ? `${at} belongs to user ${facts.uid}`
        : undefined;
  }
}

function lstatOrNothing(place: string): ReturnType<typeof lstat> {
  try {
    return lstat(place);
  } catch {
    return undefined;
  }
}

const text = (error: object, name: string): string | undefined => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The error of a refused operation on files; undefined when it is none. */
export function systemProblem(error: Error): PrimeError | undefined {
  const code = systemCode(error);
  const syscall = text(error, 'syscall');
  if (error instanceof PrimeError || code === undefined || syscall === undefined || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  const place = text(error, 'dest') ?? text(error, 'path');
  const owner = place === undefined ? undefined : foreignOwner(place);
  const rights =
    owner === undefined
      ? 'Give yourself the rights to write there, then run it again'
      : `Give it back to yourself (${owner}; chown -R), or remove it`;
  return new PrimeError('PRIME_IO', `the system refuses ${syscall}${place === undefined ? '' : ` at ${place}`}: ${code}`, {
    tried: [syscall, text(error, 'path'), text(error, 'dest')].filter((word) => word !== undefined).join(' '),
    saw: [error.message, owner].filter((line) => line !== undefined).join('\n'),
    kept: 'What was complete before is as it was',
    do: CURES[code] ?? (code === 'EACCES' || code === 'EPERM' ? rights : 'Look at that place, then run it again'),
  });
}
