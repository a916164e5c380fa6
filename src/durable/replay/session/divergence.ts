// The texts of a program that does not repeat its history. Both sides with file and line; they are the product.
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { Site } from '../../../base/site.ts';
import { shownName } from '../../journal/events/event.ts';

/** One call as a message shows it. */
export interface ShownCall {
  readonly id: number;
  readonly fn: string;
  readonly context?: string | undefined;
  readonly site: Site;
  readonly argsHash?: string | undefined;
}

const WHY =
  'The program did something else than before although its code is the recorded one: it depends on something that is not recorded. Look at what stands before this line: a value made outside of the session, a native add-on, memory that is shared with a thread';
const CHANGED = 'The code is not the recorded one and does something else here. Resume with the recorded build, or undo the change';

const where = (site: Site): string => (site.line > 0 ? `at ${site.file}:${String(site.line)} (${site.id})` : `(${site.id})`);
const show = (call: ShownCall): string =>
  `#${String(call.id)} ${shownName(call)}${call.argsHash === undefined ? '' : ` args ${call.argsHash}`} ${where(call.site)}`;

function diverged(message: string, at: Site | undefined, recorded: string, replayed: string, cause?: unknown): ResproutError {
  const fields = {
    at: at !== undefined && at.line > 0 ? { file: at.file, line: at.line, column: at.column } : undefined,
    tried: 'to repeat the recorded run',
    saw: `recorded ${recorded}, replayed ${replayed}`,
    kept: 'The journal of the session is unchanged',
    do: WHY,
  };
  return new ResproutError(
    'JOURNAL_DIVERGED',
    `${message}\n  recorded: ${recorded}\n  replayed: ${replayed}`,
    fields,
    cause === undefined ? undefined : { cause },
  );
}

/** The same divergence, of a program whose code is another one than the recorded one. */
export function ofChangedCode(error: ResproutError): ResproutError {
  return new ResproutError(error.code, error.message, { ...error.problem, do: CHANGED }, { cause: error.cause });
}

/** Another function, another place or another kind of call than the recorded one. */
export function differs(recorded: ShownCall, replayed: ShownCall): ResproutError {
  const what =
    recorded.fn !== replayed.fn ? 'another function' : recorded.site.id !== replayed.site.id ? 'another place' : 'another kind of call';
  return diverged(`call #${String(replayed.id)} differs from the recorded run: ${what}`, replayed.site, show(recorded), show(replayed));
}

/** Other arguments than the recorded ones. */
export function argumentsDiffer(recorded: ShownCall, replayed: ShownCall): ResproutError {
  return diverged(
    `call #${String(replayed.id)} differs from the recorded run: other arguments`,
    replayed.site,
    show(recorded),
    show(replayed),
  );
}

/** Other text than the recorded run had printed by then. */
export function printedDiffers(replayed: ShownCall): ResproutError {
  const text = `the program printed other text before call #${String(replayed.id)} than the recorded run`;
  return diverged(text, replayed.site, 'another text', `other text, then ${show(replayed)}`);
}

/** A call that the recorded run made only after a completion that is still due, or never made. */
export function extraCall(replayed: ShownCall, due: string): ResproutError {
  return diverged(
    `call #${String(replayed.id)} was not made at this point of the recorded run`,
    replayed.site,
    `${due} comes first`,
    show(replayed),
  );
}

/** The program waits, and a recorded call has not been made. */
export function missingCall(recorded: ShownCall, due: string): ResproutError {
  return diverged(
    `the replayed code stopped before call #${String(recorded.id)}`,
    recorded.site,
    `${show(recorded)}, then ${due}`,
    'no further call',
  );
}

/** The program ended, and recorded calls have not been made. @param thrown what it ended with; undefined when it returned */
export function earlyEnd(made: number, recorded: ShownCall, thrown: unknown): ResproutError {
  const how = thrown === undefined ? 'the end' : `the end with ${shownError(thrown)}`;
  return diverged(
    `the replayed code ended after ${String(made)} calls${thrown === undefined ? '' : ` with ${shownError(thrown)}`}, the recorded run went on`,
    recorded.site,
    show(recorded),
    `${how}, after ${String(made)} calls`,
    thrown,
  );
}

function shownError(thrown: unknown): string {
  const { name, message } = toError(thrown);
  return `${name}: ${message}`;
}

/** The program goes on where the recorded run had ended. */
export function lateEnd(made: number, waitingFor: readonly ShownCall[]): ResproutError {
  const first = waitingFor[0];
  return diverged(
    'the replayed code goes on where the recorded run had ended',
    first?.site,
    `the end, after ${String(made)} calls`,
    first === undefined ? 'the program has not returned' : `waits for ${show(first)}`,
  );
}

/** It ended otherwise than recorded: returned where it threw, or the other way round. */
export function otherEnd(recorded: string, replayed: string, thrown?: unknown): ResproutError {
  return diverged('the replayed code ended otherwise than the recorded run', undefined, recorded, replayed, thrown);
}

/** It ended as recorded, and returned or threw something else. */
export function otherResult(recorded: string, replayed: string): ResproutError {
  return diverged('the replayed code ended with another value than the recorded run', undefined, recorded, replayed);
}

/** It printed something else before its end. */
export function otherText(): ResproutError {
  return diverged('the replayed code printed other text before its end than the recorded run', undefined, 'another text', 'other text');
}

/** A completion is due whose call the program makes no use of: the history does not belong to this program. */
export function ownerless(due: string): ResproutError {
  return diverged('a recorded completion has no caller in the replayed run', undefined, due, 'nobody waits for it');
}
