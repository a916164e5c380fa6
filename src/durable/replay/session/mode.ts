import type { Engine } from './engine.ts';

/** Whether calls are recorded here: `plain` in activities, while modules load and outside of sessions. */
export type Mode = 'record' | 'plain';

/** Whose code runs. A session's code that runs in another one's turn (shared state of a package) counts for its owner. */
export function modeOf(engine: Engine): Mode {
  const scope = engine.options.realm.context.current();
  if (scope?.kind !== 'session' || scope.load) return 'plain';
  if (scope.session !== engine.session)
    engine.warn(`code of session ${engine.session.id} runs in a turn of session ${scope.session.id}: a package mixes their state`);
  return engine.session.open || engine.gone ? 'record' : 'plain';
}
