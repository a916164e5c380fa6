import type { ActivityInfo } from '../../../base/recorder.ts';
import type { SessionParts } from './session-parts.ts';

/** The key of a call: the same at every attempt. */
export function activityInfo(parts: SessionParts, id: number): ActivityInfo {
  const { id: sessionId, buildId } = parts.session;
  return { sessionId, buildId, idempotencyKey: `${sessionId}/${String(id)}`, signal: parts.activitySignal };
}
