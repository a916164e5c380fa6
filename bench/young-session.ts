// What do the first steps of a new session cost? Its journal grows with each of them, and its runner has not run their code before. The steps of
// a session that has done thousands are in session-steps.
import path from 'node:path';
import { each, inTurn, type Bench, type Row } from './support/bench.ts';
import { FLOOR, openFloor } from './support/insert-loop.ts';
import { newSession } from './support/new-session.ts';
import { onOneCoreToo } from './support/one-core.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const STEPS = 1000;
const SLICES = 5;

/** As many commits of the same size into a new file. */
function newFloor(commits: number, bytes: number): number {
  using folder = workFolder();
  using floor = openFloor(path.join(folder.path, 'floor.db'));
  const start = performance.now();
  floor.insert(commits, bytes);
  return performance.now() - start;
}

async function measure(): Promise<readonly Row[]> {
  const trial = await newSession('sequential', STEPS);
  const taken = await inTurn(SLICES, {
    ours: async () => (await newSession('sequential', STEPS)).tookMs,
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
