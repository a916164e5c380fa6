// How a program ends: what its end event says, and whether a replay ended the same.
import { codeOf, ResproutError, toError } from '../../../base/errors/errors.ts';
import { isError } from '../../../base/errors/is-error.ts';
import type { EndEvent } from '../../journal/events/event.ts';
import type { Results } from '../live/results.ts';
import { otherEnd, otherResult, otherText } from './divergence.ts';

/** How the program ended, before it is in the journal. */
export type Result =
  | { readonly how: 'done'; readonly value: unknown; readonly exitCode?: number }
  | { readonly how: 'failed'; readonly error: unknown; readonly exitCode?: number };

/** What an end event takes besides the result. */
export interface EndingOptions {
  readonly results: Results;
  readonly atMs: number;
  readonly dropped: readonly string[];
  readonly isCancelled: boolean;
  /** The issue that the error came from. */
  readonly fromCall: number | undefined;
  readonly printed: number | undefined;
  /** What went with a process that was killed, shortly before the end. */
  readonly lostLately: readonly string[];
}

/** The event of a result. A value that cannot be recorded fails the program. */
export function endEvent(result: Result, options: EndingOptions): EndEvent {
  const { results, atMs, dropped, fromCall, printed, lostLately } = options;
  const common = {
    t: 'end',
    atMs,
    dropped,
    ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
    ...(printed === undefined ? {} : { printed }),
  } as const;
  const failed = (error: unknown): EndEvent => {
    const own = results.error('the program', error) as { bytes: Uint8Array };
    const { bytes } =
      lostLately.length === 0
        ? own
        : (results.error('the program', withLoss(results.read(own.bytes), lostLately)) as { bytes: Uint8Array });
    const how = options.isCancelled && codeOf(error) === 'SESSION_CANCELLED' ? 'cancelled' : 'failed';
    return { ...common, how, bytes, ...(fromCall === undefined ? {} : { fromCall }) };
  };
  if (result.how === 'failed') return failed(result.error);
  try {
    return { ...common, how: 'done', bytes: results.data('the result of the program', result.value) };
  } catch (error) {
    return failed(error);
  }
}

const DEEPEST_CAUSE = 8;

/**
 * A package that meets the loss of a connection may fail with an error of its own that does not say so: then that is its last cause.
 * @param error the copy that is recorded
 */
function withLoss(error: unknown, lost: readonly string[]): unknown {
  let last: unknown = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && isError(last); depth++) {
    if (codeOf(last) === 'LIVE_OBJECT_LOST') return error;
    if (last.cause === undefined) {
      const text = `shortly before, ${lost.join(', ')} went with the process that had opened ${lost.length === 1 ? 'it' : 'them'}`;
      const cause = new ResproutError('LIVE_OBJECT_LOST', text, { do: 'Open it again where the program fails without it' });
      Object.defineProperty(last, 'cause', { value: cause, configurable: true, writable: true, enumerable: false });
      return error;
    }
    last = last.cause;
  }
  return error;
}

/** Whether a replayed end is another kind of end: that always counts. */
export function otherKindOfEnd(recorded: EndEvent, replayed: EndEvent, result: Result, results: Results): ResproutError | undefined {
  if (replayed.how === recorded.how && replayed.exitCode === recorded.exitCode) return undefined;
  return otherEnd(shownEnd(recorded, results), shownResult(result), result.how === 'failed' ? result.error : undefined);
}

/** What else is different about a replayed end; undefined when nothing is. */
export function endDiffers(recorded: EndEvent, replayed: EndEvent, result: Result, results: Results): ResproutError | undefined {
  const isOtherValue = recorded.how === 'done' && !isSame(replayed.bytes, recorded.bytes);
  if (isOtherValue) return otherResult(shownEnd(recorded, results), shownResult(result));
  return replayed.printed === recorded.printed ? undefined : otherText();
}

function shownResult(result: Result): string {
  const code = result.exitCode === undefined ? '' : ` with code ${String(result.exitCode)}`;
  if (result.how === 'done') return `returned ${shown(result.value)}${code}`;
  const { name, message } = toError(result.error);
  return `failed with ${name}: ${message}${code}`;
}

function shownEnd(event: EndEvent, results: Results): string {
  const value = results.read(event.bytes);
  return shownResult({
    ...(event.how === 'done' ? { how: 'done', value } : { how: 'failed', error: value }),
    ...(event.exitCode === undefined ? {} : { exitCode: event.exitCode }),
  } as Result);
}

const SHOWN_CHARS = 200;

function shown(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, SHOWN_CHARS);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
