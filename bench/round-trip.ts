// How long does a small call take in a local context?
import { local } from 'resprout';
import { each, inTurn, type Bench } from './support/bench.ts';
import { openEcho } from './support/echo.ts';
import { runAlone } from './support/run-alone.ts';
import { echo } from './programs/far.ts';

const CALLS = 320;
const SLICES = 25;
const WARM_UP = 5;
const FRAME_BYTES = 64;
const UNDER_WAY = 64;

export const bench: Bench = {
  name: 'round-trip',
  question: 'How long does a small call take in a local context?',
  async run() {
    await using context = await local({ name: 'bench' });
    const bare = openEcho('echo');
    const argument = 'x'.repeat(16);
    try {
      const one = async (count: number): Promise<void> => {
        for (let done = 0; done < count; done++) await context.call(echo, argument);
      };
      const alone = await inTurn(SLICES, { ours: () => one(CALLS), theirs: () => bare.rounds(CALLS, FRAME_BYTES) }, WARM_UP);
      const together = await inTurn(
        SLICES,
        {
          ours: async () => void (await Promise.all(Array.from({ length: UNDER_WAY }, () => one(CALLS / UNDER_WAY)))),
          theirs: () => bare.rounds(CALLS, FRAME_BYTES, UNDER_WAY),
        },
        WARM_UP,
      );
      const us = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, CALLS, 'us'));
      return [
        {
          figure: 'one call after the other',
          unit: 'us',
          ours: us(alone.ours),
          peer: `echo of ${FRAME_BYTES} bytes over a socketpair`,
          theirs: us(alone.theirs),
        },
        {
          figure: `a call, ${UNDER_WAY} under way`,
          unit: 'us',
          ours: us(together.ours),
          peer: `the same echo, ${UNDER_WAY} under way`,
          theirs: us(together.theirs),
        },
      ];
    } finally {
      await bare.close();
    }
  },
};

if (import.meta.main) await runAlone(bench);
