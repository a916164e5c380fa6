import { activityInfo, recorder } from '../../base/recorder.ts';

/** What a program may know of the session it runs in. */
export interface SessionInfo {
  readonly sessionId: string;
  readonly buildId: string;
}

/** The session this code runs in, also inside its activities; undefined in a plain process. */
export function sessionInfo(): SessionInfo | undefined {
  const found = recorder() ?? activityInfo();
  return found === undefined ? undefined : { sessionId: found.sessionId, buildId: found.buildId };
}
