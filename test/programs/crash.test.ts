import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Subject } from '../kill-sweep/subject.ts';
import type { Way } from '../kill-sweep/plan.ts';
import { trial, trialLine } from '../kill-sweep/trial.ts';
import { startProgramServer, type ProgramServer } from './server.ts';

const packageFolder = path.resolve(import.meta.dirname, '..', '..');
const program = (name: string): string => path.join(import.meta.dirname, 'src', `${name}.ts`);
const WAYS: readonly Way[] = ['cli', 'runner', 'both'];
/** From one event that is struck to the next. */
const STEP = process.env['CI'] === 'true' ? 3 : 1;

function subjectOf(name: string, data: (folder: string) => unknown, effects: (folder: string) => number): Subject {
  return { name, file: () => program(name), data, outcome: (_, value) => value, trace: () => [], effects };
}

const totalAsked = (server: ProgramServer): number => [...server.asked.values()].reduce((sum, times) => sum + times, 0);

/** Kills a program after each of its events, in CI after each third of them, and wants the result of the uncrashed run every time. */
async function killAfterEveryEvent(subject: Subject): Promise<void> {
  const reference = await trial({ subject, packageFolder, kill: undefined });
  assert.deepEqual(reference.faults, []);
  assert.ok(reference.events > 5, `the program made ${reference.events} events only`);
  const faults: string[] = [];
  for (let seq = 0; seq < reference.events; seq += STEP) {
    const kill = { way: WAYS[(seq / STEP) % WAYS.length] ?? 'both', moment: { kind: 'event', seq } } as const;
    const result = await trial({ subject, packageFolder, kill, expected: reference.outcome });
    // A run whose losers of a race are slower, or that needs fewer retries, has fewer events: then there is nothing to strike.
    if (!result.struck && result.events > seq) faults.push(`event ${seq} of ${result.events} was not struck`);
    if (result.faults.length > 0) faults.push(trialLine(result));
  }
  assert.deepEqual(faults, []);
}

test('fetch with race, all and timers ends right after a kill at every event', { timeout: 1_800_000 }, async () => {
  await using server = await startProgramServer();
  await killAfterEveryEvent(
    subjectOf(
      'fetch-race',
      () => ({ server: server.url }),
      () => totalAsked(server),
    ),
  );
});

test('node:sqlite with iterate() ends right after a kill at every event', { timeout: 1_800_000 }, async () => {
  const rows = (folder: string): number => (existsSync(path.join(folder, 'items.db')) ? 1 : 0);
  await killAfterEveryEvent(subjectOf('sqlite-rows', (folder) => ({ file: path.join(folder, 'items.db') }), rows));
});

test('execa and child_process with fs in all its forms end right after a kill at every event', { timeout: 1_800_000 }, async () => {
  const out = (folder: string): string => path.join(folder, 'out');
  const files = (folder: string): number => (existsSync(out(folder)) ? readdirSync(out(folder)).length : 0);
  await killAfterEveryEvent(subjectOf('processes-files', (folder) => ({ folder: out(folder) }), files));
});

// The stub fails the first call of each run, which has a path of its own: the SDK's own retry is part of the program.
test('an SDK over fetch ends right after a kill at every event', { timeout: 1_800_000 }, async () => {
  await using server = await startProgramServer();
  await killAfterEveryEvent(
    subjectOf(
      'sdk',
      () => ({ server: server.url }),
      () => totalAsked(server),
    ),
  );
});
