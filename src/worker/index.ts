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
export { eventFields } from './store/event-json.ts';
export { recordedValue } from './store/recorded-value.ts';
export { openStore, type Store, type StoreOptions } from './store/store.ts';
export type { OwnerInfo, SessionInfo, SessionRecord, SessionState } from '../durable/journal/sessions/session-info.ts';
export { runSession } from './sessions/run-session.ts';
export { cancelSession } from './sessions/cancel-session.ts';
export { checkSession } from './sessions/check-session.ts';
export { replaySession } from './sessions/replay-session.ts';
export { failedCall } from './sessions/rewind/plan-rewind.ts';
export { forkSession, type ForkOptions, type ForkResult } from './sessions/fork-session.ts';
export { KnownSecrets } from '../platform/secrets/known-secrets.ts';
export { secretNames } from './program/secret-names.ts';
export { sealSession } from './store/seal-sessions.ts';
export { sessionSecrets } from './store/session-secrets.ts';
export { resumeSession } from './sessions/resume-session.ts';
export { explainProgram, type Explanation } from './explain/explain-program.ts';
export { exportSession, type ExportOptions, type ExportResult } from './transfer/export-session.ts';
export { importSession, type ImportOptions, type ImportResult } from './transfer/import-session.ts';
export { pruneSessions, removeBuilds, removeSession, type Pruned, type PruneOptions } from './store/remove-sessions.ts';
export { retainSessions } from './store/retain-sessions.ts';
export type { SessionFilter } from '../durable/journal/sessions/session-store.ts';
export { listSessions, readSession, resolveSessionId, sessionInfo } from './store/list-sessions.ts';
export { isSessionId, newSessionId } from '../durable/journal/sessions/session-id.ts';
export type { SessionTree } from '../durable/journal/sessions/session-store.ts';
export type { ContextState } from '../base/context-state.ts';
