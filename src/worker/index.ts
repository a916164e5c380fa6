export type { RunEvent, RunObserver, UnfinishedCall } from './run-observer.ts';
export type {
  ByteOutput,
  CancelOptions,
  ReplayOptions,
  ResumeOptions,
  RunOptions,
  RunResult,
  SessionFailure,
  SessionOptions,
} from './run-options.ts';
export { RunControl } from './run-control.ts';
export { spawnRunner, type RunnerProcessOptions, type SpawnedRunner } from './runner-process.ts';
export { openStore, type Store, type StoreOptions } from './store.ts';
export type { OwnerInfo, SessionInfo, SessionRecord, SessionState } from './session-info.ts';
export { runSession } from './run-session.ts';
export { cancelSession } from './cancel-session.ts';
export { checkSession } from './check-session.ts';
export { replaySession } from './replay-session.ts';
export { resumeSession } from './resume-session.ts';
export { explainProgram, type Explanation } from './explain/explain-program.ts';
export { listSessions, readSession, resolveSessionId } from './list-sessions.ts';
export { isSessionId, newSessionId } from './session-id.ts';
