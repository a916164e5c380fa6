// What does a step of a session cost? Beside a commit of the same row, and beside the same frames without a database.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { each, inTurn, type Bench, type Row } from './support/bench.ts';
import { FLOOR, openFloor } from './support/insert-loop.ts';
import { openJournalEcho } from './support/journal-echo.ts';
import { onOneCoreToo } from './support/one-core.ts';
import { takeOrders } from './support/orders.ts';
import { runAlone } from './support/run-alone.ts';
import { startSession, type Committed } from './support/session.ts';
import { workFolder } from './support/work-folder.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/steps.ts');
/** So many that the order, which is a step too, does not count. */
const STEPS = 150;
const SLICES = 25;
const KINDS = [
  { kind: 'sequential', figure: 'one activity after the other', isBlocking: false, goal: 2.5 },
  { kind: 'synchronous', figure: 'synchronous activities, each on disk before the next', isBlocking: true, goal: 2.2 },
  { kind: 'fan-out', figure: 'an activity, 10 at once', isBlocking: false, goal: 0.4 },
] as const;

/** What one step was on disk, in a trial before the slices. */
async function perStep(committed: Committed, run: () => Promise<unknown>): Promise<{ readonly commits: number; readonly bytes: number }> {
  const before = { ...committed };
  await run();
  const commits = committed.commits - before.commits;
  return { commits: commits / STEPS, bytes: Math.round((committed.bytes - before.bytes) / commits) };
}

async function measure(): Promise<readonly Row[]> {
  using folder = workFolder();
  const file = path.join(folder.path, 'touched');
  writeFileSync(file, '');
  const socket = path.join(folder.path, 'orders');
  const session = startSession(PROGRAM, folder.path, { orders: socket, file });
  using orders = await takeOrders(socket, session.lost);
  using floor = openFloor(path.join(folder.path, 'floor.db'));
  await using transport = openJournalEcho();
  const rows: Row[] = [];
  for (const { kind, figure, isBlocking, goal } of KINDS) {
    // The owner of the session and the insert loop share this thread: one rests while the other works.
    for (let warmUp = 0; warmUp < 6; warmUp++) await orders.run(kind, STEPS);
    const step = await perStep(session.committed, () => orders.run(kind, STEPS));
    const taken = await inTurn(SLICES, {
      ours: () => orders.run(kind, STEPS),
      disk: () => floor.insert(STEPS, step.bytes),
      wire: () => transport.rounds(Math.max(1, Math.round(step.commits * STEPS)), step.bytes, isBlocking),
    });
    const us = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, STEPS, 'us'));
    const mine = {
      figure: `${figure} (${step.commits.toFixed(2)} commits a step, ${step.bytes} bytes each)`,
      unit: 'us',
      ours: us(taken.ours),
    } as const;
    rows.push({ ...mine, peer: FLOOR, theirs: us(taken.disk), goal });
    const blocking = isBlocking ? ' that blocks' : '';
    rows.push({ ...mine, peer: `the same frames to a child${blocking} and back, no database`, theirs: us(taken.wire) });
  }
  await orders.end();
  const result = await session.result;
  if (result.state !== 'done') throw new Error(`the session is ${result.state}`);
  return rows;
}

export const bench: Bench = {
  name: 'session-steps',
  question: 'What does a step of a session cost?',
  run: () => onOneCoreToo(import.meta.filename, measure),
};

if (import.meta.main) await runAlone(bench);
