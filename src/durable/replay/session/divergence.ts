// The texts of a program that does not repeat its history. Both sides with file and line; they are the product.
import { ResproutError } from '../../../base/errors.ts';
import type { EventSite } from '../../journal/event.ts';

/** One call as a message shows it. */
export interface ShownCall {
  readonly id: number;
  readonly fn: string;
  readonly site: EventSite;
  readonly argsHash?: string | undefined;
}

const WHY =
  'The code changed under a running session, or it depends on something that is not recorded: a property of a live object, a global of a package, the order of real timers';

const where = (site: EventSite): string => (site.line > 0 ? `at ${site.file}:${String(site.line)} (${site.id})` : `(${site.id})`);
const show = (call: ShownCall): string =>
  `#${String(call.id)} ${call.fn}${call.argsHash === undefined ? '' : ` args ${call.argsHash}`} ${where(call.site)}`;

function diverged(message: string, at: EventSite | undefined, recorded: string, replayed: string): ResproutError {
  return new ResproutError('JOURNAL_DIVERGED', `${message}\n  recorded: ${recorded}\n  replayed: ${replayed}`, {
    at: at !== undefined && at.line > 0 ? { file: at.file, line: at.line, column: at.column } : undefined,
    tried: 'to repeat the recorded run',
    saw: `recorded ${recorded}, replayed ${replayed}`,
    kept: 'The journal of the session is unchanged',
    do: `${WHY}. Resume with the recorded build, or undo the change`,
  });
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

/** The program returned, and recorded calls have not been made. */
export function earlyEnd(made: number, recorded: ShownCall): ResproutError {
  return diverged(
    `the replayed code ended after ${String(made)} calls, the recorded run went on`,
    recorded.site,
    show(recorded),
    `the end, after ${String(made)} calls`,
  );
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
export function otherEnd(recorded: string, replayed: string): ResproutError {
  return diverged('the replayed code ended otherwise than the recorded run', undefined, recorded, replayed);
}

/** A completion is due whose call the program makes no use of: the history does not belong to this program. */
export function ownerless(due: string): ResproutError {
  return diverged('a recorded completion has no caller in the replayed run', undefined, due, 'nobody waits for it');
}
