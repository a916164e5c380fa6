import { exitCodeOf, type ResproutError } from '../base/errors/errors.ts';
import { inspect } from 'node:util';
import { isError } from '../base/errors/is-error.ts';
import type { EndEvent } from '../durable/journal/events/event.ts';
import { decodeRecorded } from '../durable/journal/values/recorded-value.ts';
import { nodeKinds } from '../platform/values/node-kinds.ts';
import type { RunResult, SessionFailure } from './run-options.ts';

/** Facts that every result has. */
export interface ResultFacts {
  readonly sessionId: string;
  readonly events: number;
  readonly replayed: number;
}

const NOTHING = { unfinished: [], dropped: [] } as const;

/** The result of a session that has ended. @throws ResproutError JOURNAL_CORRUPT */
export function endedResult(facts: ResultFacts, end: Pick<EndEvent, 'how' | 'bytes' | 'exitCode' | 'dropped' | 'note'>): RunResult {
  const value = decodeRecorded(end.bytes, { kinds: nodeKinds });
  const shared = { ...facts, ...NOTHING, dropped: end.dropped, note: end.note };
  if (end.how === 'done') return { ...shared, state: 'done', value, valueBytes: end.bytes, exitCode: end.exitCode ?? 0 };
  return { ...shared, state: end.how, failure: failureOf(value), exitCode: end.exitCode ?? 1 };
}

/** The result of a run whose runner, store or ownership was lost. */
export function lostResult(facts: ResultFacts, problem: ResproutError): RunResult {
  return { ...facts, ...NOTHING, state: 'lost', problem, exitCode: exitCodeOf(problem) };
}

/** The result of a session that parked. */
export function parkedResult(facts: ResultFacts, unfinished: RunResult['unfinished'], dueMs?: number): RunResult {
  return { ...facts, ...NOTHING, state: 'parked', unfinished, dueMs, exitCode: 3 };
}

function failureOf(error: unknown): SessionFailure {
  if (!isError(error)) return { name: 'Error', message: typeof error === 'string' ? error : inspect(error), error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, code, stack: error.stack, error };
}
