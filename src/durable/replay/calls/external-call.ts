import { ResproutError } from '../../../base/errors/errors.ts';
import { shownName } from '../../journal/events/event.ts';
import { beginAsync, replayAsync } from './async-call.ts';
import type { CallSpec } from './call-spec.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { issue } from './issue.ts';
import { makeSync, replaySync } from './sync-call.ts';

/** Code that outlives its session: an asynchronous call never ends, a synchronous one says why. */
function passOver(parts: SessionParts, spec: CallSpec): Promise<never> {
  if (spec.mode === 'async' || spec.awaited) return new Promise(() => undefined);
  throw new ResproutError('SESSION_ENDED', `${shownName(spec)} was called after the session had ended, and was not made`, {
    tried: shownName(spec),
    do: 'Await everything the program starts before it returns',
  });
}

/**
 * One call that leaves the program: answered from the journal, or made and recorded.
 * @returns the program's copy of the result, a live object, or a promise of either
 * @throws ResproutError JOURNAL_DIVERGED, JOURNAL_VALUE_TOO_LARGE, SESSION_ENDED; what the call throws
 */
export function externalCall(parts: SessionParts, spec: CallSpec): unknown {
  if (parts.gone) return passOver(parts, spec);
  // A parked session starts nothing: the call never ends here, and is made in the next process.
  if (parts.parked && spec.mode === 'async' && !parts.cursor.replaying) return new Promise(() => undefined);
  const issued = issue(parts, spec);
  const { recorded } = issued;
  if (recorded === undefined) return spec.mode === 'async' ? beginAsync(parts, spec, issued) : makeSync(parts, spec, issued);
  if (recorded.t === 'sync') return replaySync(parts, spec, issued, recorded);
  return replayAsync(parts, spec, issued, recorded.t === 'call' && recorded.atMostOnce === true);
}
