// How fast is the history of a long session replayed?
import path from 'node:path';
import { replaySession } from 'resprout/worker';
import { openJournalReader } from '../src/durable/engines/index.ts';
import { inTurn, timeMs, type Bench } from './support/bench.ts';
import { bareNode } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { programEnv, startSession } from './support/session.ts';
import { workFolder } from './support/work-folder.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/long.ts');
const STEPS = 5000;
const SLICES = 9;

export const bench: Bench = {
  name: 'replay',
  question: 'How fast is the history of a long session replayed?',
  async run() {
    using folder = workFolder();
    const record = async (steps: number): Promise<string> => {
      const { sessionId, state, problem } = await startSession(PROGRAM, folder.path, { steps }).result;
      if (state !== 'done') throw new Error(`the session is ${state}: ${problem?.message ?? ''}`);
      return sessionId;
    };
    const short = await record(1);
    let long = '';
    const recordMs = await timeMs(async () => void (long = await record(STEPS)));
    const replay = async (sessionId: string): Promise<void> => {
      const options = { storeFolder: path.join(folder.path, 'store'), env: programEnv(), command: 'bench', sessionId };
      const { state } = await replaySession(options);
      if (state !== 'done') throw new Error(`the replay is ${state}`);
    };
    let events = 0;
    const read = (): void => {
      const reader = openJournalReader({ folder: path.join(folder.path, 'store/runs', long) });
      events = 0;
      for (const row of reader.rows(long)) events += row.count;
      reader.close();
    };
    const taken = await inTurn(SLICES, { long: () => replay(long), short: () => replay(short), read, bareNode });
    const perEvent = (ms: number): number => (ms * 1000) / events;
    const own = taken.long.map((ms, slice) => perEvent(ms - (taken.short[slice] ?? NaN)));
    return [
      {
        figure: `an event of a replay of ${events.toLocaleString('en-US')}, start of the runner apart`,
        unit: 'us',
        ours: own,
        peer: 'reading and checking the same rows',
        theirs: taken.read.map(perEvent),
      },
      {
        figure: `an event of the same replay`,
        unit: 'us',
        ours: own,
        peer: 'recording it',
        theirs: own.map(() => perEvent(recordMs)),
      },
      {
        figure: 'the whole replay, start of the runner included',
        unit: 'ms',
        ours: taken.long,
        peer: '`node -e 0`',
        theirs: taken.bareNode,
      },
    ];
  },
};

if (import.meta.main) await runAlone(bench);
