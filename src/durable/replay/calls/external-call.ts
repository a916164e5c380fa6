import { ResproutError } from '../../../base/errors.ts';
import { beginAsync, replayAsync } from './async-call.ts';
import type { CallSpec } from './call-spec.ts';
import type { Engine } from '../session/engine.ts';
import { issue } from './issue.ts';
import { makeSync, replaySync } from './sync-call.ts';

/** Code that outlives its session: an asynchronous call never ends, a synchronous one says why. */
function passOver(engine: Engine, spec: CallSpec): Promise<never> {
  if (spec.mode === 'async' || spec.awaited) return new Promise(() => undefined);
  throw new ResproutError('SESSION_ENDED', `${spec.fn} was called after the session had ended, and was not made`, {
    tried: spec.fn,
    do: 'Await everything the program starts before it returns',
  });
}

/**
 * One call that leaves the program: answered from the journal, or made and recorded.
 * @returns the program's copy of the result, a live object, or a promise of either
 * @throws ResproutError JOURNAL_DIVERGED, JOURNAL_VALUE_TOO_LARGE, SESSION_ENDED; what the call throws
 */
export function externalCall(engine: Engine, spec: CallSpec): unknown {
  if (engine.gone) return passOver(engine, spec);
  // A parked session starts nothing: the call never ends here, and is made in the next process.
  if (engine.parked && spec.mode === 'async' && !engine.cursor.replaying) return new Promise(() => undefined);
  const issued = issue(engine, spec);
  const { recorded } = issued;
  if (recorded === undefined) return spec.mode === 'async' ? beginAsync(engine, spec, issued) : makeSync(engine, spec, issued);
  if (recorded.t === 'sync') return replaySync(engine, spec, issued, recorded);
  return replayAsync(engine, spec, issued, recorded.t === 'call' && recorded.atMostOnce === true);
}
