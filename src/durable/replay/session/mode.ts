import type { SessionParts } from './session-parts.ts';

/** Whether calls are recorded here: `plain` in activities, while modules load and outside of sessions. */
export type Mode = 'record' | 'plain';

/** Whose code runs. A session's code that runs in another one's turn (shared state of a package) counts for its owner. */
export function modeOf(parts: SessionParts): Mode {
  const scope = parts.options.realm.context.current();
  if (scope?.kind !== 'session') return 'plain';
  if (scope.session !== parts.session)
    parts.warn(`code of session ${parts.session.id} runs in a turn of session ${scope.session.id}: a package mixes their state`);
  return parts.session.open || parts.gone ? 'record' : 'plain';
}
