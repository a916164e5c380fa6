// What do the first steps of a new session cost? Its journal grows with each of them, and its runner has not run their code before. The steps of
// a session that has done thousands are in session-steps.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { each, inTurn, type Bench, type Row } from './support/bench.ts';
import { FLOOR, openFloor } from './support/insert-loop.ts';
import { onOneCoreToo } from './support/one-core.ts';
import { takeOrders } from './support/orders.ts';
import { runAlone } from './support/run-alone.ts';
import { startSession } from './support/session.ts';
import { workFolder } from './support/work-folder.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/steps.ts');
const STEPS = 1000;
const SLICES = 5;

/** One new session of its own store: ms from the order to the last step, and what its owner has committed. */
async function newSession(): Promise<{ readonly tookMs: number; readonly commits: number; readonly bytes: number }> {
  using folder = workFolder();
  const file = path.join(folder.path, 'touched');
  writeFileSync(file, '');
  const socket = path.join(folder.path, 'orders');
  const session = startSession(PROGRAM, folder.path, { orders: socket, file });
  using orders = await takeOrders(socket, session.lost);
  const tookMs = await orders.run('sequential', STEPS);
  const { commits, bytes } = session.committed;
  await orders.end();
  const result = await session.result;
  if (result.state !== 'done') throw new Error(`the session is ${result.state}`);
  return { tookMs, commits, bytes: Math.round(bytes / commits) };
}

/** As many commits of the same size into a new file. */
function newFloor(commits: number, bytes: number): number {
  using folder = workFolder();
  using floor = openFloor(path.join(folder.path, 'floor.db'));
  const start = performance.now();
  floor.insert(commits, bytes);
  return performance.now() - start;
}

async function measure(): Promise<readonly Row[]> {
  const trial = await newSession();
  const taken = await inTurn(SLICES, {
    ours: async () => (await newSession()).tookMs,
    disk: () => newFloor(STEPS, trial.bytes),
  });
  const us = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, STEPS, 'us'));
  const commits = (trial.commits / STEPS).toFixed(2);
  return [
    {
      figure: `one activity after the other, the first ${STEPS.toLocaleString('en-US')} of a session (${commits} commits a step, ${trial.bytes} bytes each)`,
      unit: 'us',
      ours: us(taken.ours),
      peer: FLOOR,
      theirs: us(taken.disk),
    },
  ];
}

export const bench: Bench = {
  name: 'young-session',
  question: 'What do the first steps of a new session cost?',
  run: () => onOneCoreToo(import.meta.filename, measure),
};

if (import.meta.main) await runAlone(bench);
