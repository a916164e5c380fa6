import type { ActivityInfo } from '../../../base/recorder.ts';
import type { Engine } from './engine.ts';

/** The key of a call: the same at every attempt. */
export function activityInfo(engine: Engine, id: number): ActivityInfo {
  const { id: sessionId, buildId } = engine.session;
  return { sessionId, buildId, idempotencyKey: `${sessionId}/${String(id)}`, signal: engine.activitySignal };
}
