import { ResproutError, toError } from '../../base/errors/errors.ts';

/** Another owner has raised the epoch. */
export function fenced(where: string, mine: number, theirs: number): ResproutError {
  return new ResproutError('SESSION_FENCED', `another owner has taken over ${where}`, {
    tried: `append to ${where} as owner ${mine}`,
    saw: `owner ${theirs} has taken over`,
    kept: 'Everything that was answered is kept',
  });
}

/** A row that is not the next one of its session. */
export function notNext(session: string, firstSeq: number, expected: number): ResproutError {
  return new ResproutError('JOURNAL_CORRUPT', `a row of ${session} begins at event ${firstSeq}, the next one is ${expected}`, {
    tried: `append to the journal of ${session}`,
    saw: `a row that begins at event ${firstSeq} where ${expected} is the next one`,
    kept: 'Nothing of it was written',
  });
}

/** A stored row that does not pass its checks. */
export function damaged(session: string, seq: number, saw: string): ResproutError {
  return new ResproutError('JOURNAL_CORRUPT', `the journal of ${session} is damaged at event ${seq}: ${saw}`, {
    tried: `read the journal of ${session}`,
    saw: `${saw} at event ${seq}`,
  });
}

/**
 * The store failed and refuses everything from here on.
 * @param readsWellNow asked when SQLite speaks of damage: a read that failed once is none
 */
export function storeFailed(where: string, thrown: unknown, readsWellNow: () => boolean = () => false): ResproutError {
  if (thrown instanceof ResproutError) return thrown;
  const error = toError(thrown);
  if (isDamage(error) && readsWellNow()) {
    return new ResproutError(
      'STORE_IO',
      `${where} could not be read once, and can be read now: ${error.message}`,
      {
        tried: `use ${where}`,
        saw: `${error.message}; a second look found every row in order`,
        kept: 'Everything that was answered is kept',
        do: 'Run the command again; if it happens again, look at the disk before you trust it',
      },
      { cause: error },
    );
  }
  if (isDamage(error)) {
    return new ResproutError(
      'JOURNAL_CORRUPT',
      `${where} is damaged: ${error.message}`,
      { tried: `use ${where}`, saw: error.message },
      { cause: error },
    );
  }
  return new ResproutError(
    'STORE_IO',
    `${where} failed: ${error.message}`,
    {
      tried: `write or read ${where}`,
      saw: error.message,
      kept: 'Everything that was answered is kept',
      do: isBusy(error) ? UNLOCK : undefined,
    },
    { cause: error },
  );
}

/** What was stopped amid a commit keeps everybody else out, until it goes on or ends. */
const UNLOCK = 'Another process holds it amid a commit: let it go on (kill -CONT) or end it (kill -9), then run the command again';

/** SQLITE_BUSY, with all its extended codes. */
function isBusy(error: Error): boolean {
  return 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, with all their extended codes. */
function isDamage(error: Error): boolean {
  if (!('errcode' in error) || typeof error.errcode !== 'number') return false;
  const primary = error.errcode & 0xff;
  return primary === 11 || primary === 26;
}

/** Not safe to open. */
export function unsafe(where: string, saw: string, cure: string): ResproutError {
  return new ResproutError('STORE_UNSAFE', `${where} is not safe: ${saw}`, { tried: `open ${where}`, saw, do: cure });
}
