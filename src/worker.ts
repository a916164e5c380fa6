// Sessions from a program: run, resume, replay and cancel them, and read what they recorded.
import './own.ts';

export {
  cancelSession,
  isSessionId,
  listSessions,
  newSessionId,
  openStore,
  readSession,
  replaySession,
  resolveSessionId,
  resumeSession,
  RunControl,
  runSession,
  spawnRunner,
  type ByteOutput,
  type CancelOptions,
  type OwnerInfo,
  type ReplayOptions,
  type ResumeOptions,
  type RunEvent,
  type RunObserver,
  type RunnerProcessOptions,
  type RunOptions,
  type RunResult,
  type SessionFailure,
  type SessionInfo,
  type SessionOptions,
  type SessionRecord,
  type SessionState,
  type SpawnedRunner,
  type Store,
  type StoreOptions,
  type UnfinishedCall,
} from './worker/index.ts';
export type { Site } from './base/site.ts';
export type { JournalEvent, Outcome } from './durable/journal/events/event.ts';
export type { JournalRow, JournalStore } from './durable/journal/journal-store.ts';
