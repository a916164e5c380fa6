// How long does an argument of 64 MiB take?
import { local } from 'resprout';
import { inTurn, type Bench } from './support/bench.ts';
import { openEcho } from './support/echo.ts';
import { runAlone } from './support/run-alone.ts';
import { lengthOf } from './programs/far.ts';

const BYTES = 64 * 1024 * 1024;
const SLICES = 9;

export const bench: Bench = {
  name: 'large-argument',
  question: 'How long does an argument of 64 MiB take?',
  async run() {
    await using context = await local({ name: 'bench' });
    const bare = openEcho('swallow', BYTES);
    const payload = new Uint8Array(BYTES).fill(7);
    try {
      const send = async (): Promise<void> => {
        const arrived = await context.call(lengthOf, payload);
        if (arrived !== BYTES) throw new Error(`${arrived} bytes arrived`);
      };
      const taken = await inTurn(SLICES, { ours: send, theirs: () => bare.swallow(payload) }, 2);
      return [{ figure: '64 MiB to a local context', unit: 'ms', ...taken, peer: 'the same bytes over a socketpair' }];
    } finally {
      await bare.close();
    }
  },
};

if (import.meta.main) await runAlone(bench);
