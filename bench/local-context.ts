// How long does it take to open a context on this machine and to make the first call?
import path from 'node:path';
import { local } from 'resprout';
import { inTurn, type Bench } from './support/bench.ts';
import { bareNode, numberOf, printed } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { echo } from './programs/far.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/first-context.ts');
const SLICES = 15;
let opened = 0;

/** Time until the context is open, and until its first call is answered; closing is not counted. */
async function openAndCall(): Promise<{ readonly openMs: number; readonly callMs: number }> {
  const start = performance.now();
  await using context = await local({ name: `bench-${opened++}` });
  const openMs = performance.now() - start;
  await context.call(echo, 'x'.repeat(16));
  return { openMs, callMs: performance.now() - start };
}

export const bench: Bench = {
  name: 'local-context',
  question: 'How long does it take to open a local context and to make the first call?',
  async run() {
    const openMs: number[] = [];
    const both = await inTurn(SLICES, {
      ours: async () => {
        const times = await openAndCall();
        openMs.push(times.openMs);
        return times.callMs;
      },
      first: async () => numberOf(await printed(process.execPath, [PROGRAM]), 'firstMs'),
      theirs: bareNode,
    });
    const peer = { unit: 'ms', peer: '`node -e 0`', theirs: both.theirs } as const;
    return [
      { figure: 'open', ours: openMs.slice(-SLICES), ...peer },
      { figure: 'open and first call', ours: both.ours, ...peer },
      { figure: 'the same, first context of the process', ours: both.first, ...peer },
    ];
  },
};

if (import.meta.main) await runAlone(bench);
