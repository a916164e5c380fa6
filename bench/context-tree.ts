// What does a tree of many contexts take: memory, the time to open it, a call on all of them, and the way by its depth?
// `--contexts=1000` for more than the two hundred that any machine has the memory for.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { each, local, type Context } from 'resprout';
import { each as perOne, inTurn, timeMs, type Bench } from './support/bench.ts';
import { bareNode } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { echo, readText } from './programs/far.ts';

const DEFAULT_COUNT = 200;
/** Children of the controller, and of each of those; what is left is spread over the third level. */
const FIRST = 4;
const SECOND = 4;
const CALLS = 400;
const SLICES = 9;
const OPENED_AT_ONCE = 4;
const AT_ONCE = 64;
const KIB = 1024;

function wanted(): number {
  const given = process.argv.find((word) => word.startsWith('--contexts='));
  return given === undefined ? DEFAULT_COUNT : Number(given.slice('--contexts='.length));
}

/** Opens children of some contexts, some at once. */
async function openBelow(parents: readonly (Context | undefined)[], count: number): Promise<Context[]> {
  const opened: Context[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const number = next++;
      const via = parents[number % parents.length];
      const name = `${via?.name ?? 'tree'}-${String(number)}`;
      opened.push(await local({ name, ...(via === undefined ? {} : { via }) }));
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, worker));
  return opened;
}

/** Memory that a process has for itself, and its share of what it has with others, in bytes. */
const proportional = (rollup: string): number => Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) * KIB;

async function bareMemory(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log()'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const bytes = proportional(readFileSync(`/proc/${String(child.pid)}/smaps_rollup`, 'utf8'));
  child.stdin.end();
  await once(child, 'close');
  return bytes;
}

export const bench: Bench = {
  name: 'context-tree',
  question: 'What does a tree of many contexts take?',
  async run() {
    const count = wanted();
    const all: Context[] = [];
    const levels: Context[][] = [];
    const openedMs = await timeMs(async () => {
      let parents: readonly (Context | undefined)[] = [undefined];
      for (const size of [FIRST, FIRST * SECOND, count - FIRST - FIRST * SECOND]) {
        const level = await openBelow(parents, size);
        levels.push(level);
        all.push(...level);
        parents = level;
      }
    });
    try {
      const bareMs = await timeMs(async () => {
        await Promise.all(Array.from({ length: OPENED_AT_ONCE }, bareNode));
      });
      const memory = (await each(all, readText, ['/proc/self/smaps_rollup'], { concurrency: AT_ONCE }).all()).map((outcome) => {
        if (!outcome.ok) throw outcome.error;
        return proportional(outcome.value);
      });
      const [near, middle, last] = levels.map(([context]) => context) as [Context, Context, Context];
      const calls = async (context: Context): Promise<void> => {
        for (let done = 0; done < CALLS; done++) await context.call(echo, 1);
      };
      const way = await inTurn(SLICES, { near: () => calls(near), middle: () => calls(middle), last: () => calls(last) });
      const fan = await inTurn(SLICES, {
        ours: async () => {
          const outcomes = await each(all, echo, [1], { concurrency: AT_ONCE }).all();
          if (outcomes.some((outcome) => !outcome.ok)) throw new Error('a call on one of them failed');
        },
        theirs: () => calls(near),
      });
      const us = (samples: readonly number[], of: number): number[] => samples.map((ms) => perOne(ms, of, 'us'));
      const depthOne = { unit: 'us', peer: 'a call at depth 1', theirs: us(way.near, CALLS) } as const;
      const tree = `${String(count)} contexts in a tree of depth 3`;
      return [
        {
          figure: `${tree}: opened, each`,
          unit: 'ms',
          ours: [openedMs / count],
          peer: `\`node -e 0\`, ${String(OPENED_AT_ONCE)} at once, each`,
          theirs: [bareMs / OPENED_AT_ONCE],
        },
        {
          figure: `${tree}: memory of one`,
          unit: 'B',
          ours: memory.slice(-SLICES),
          peer: 'a Node that waits',
          theirs: await Promise.all(memory.slice(-SLICES).map(bareMemory)),
        },
        {
          figure: `${tree}: one function called on all, ${String(AT_ONCE)} at once, each`,
          unit: 'us',
          ours: us(fan.ours, count),
          peer: 'calls to one, one after the other',
          theirs: us(fan.theirs, CALLS),
        },
        { figure: 'a call at depth 2', ours: us(way.middle, CALLS), ...depthOne },
        { figure: 'a call at depth 3', ours: us(way.last, CALLS), ...depthOne },
      ];
    } finally {
      // The first ones go with all below them.
      await Promise.all((levels[0] ?? []).map((context) => context.close()));
    }
  },
};

if (import.meta.main) await runAlone(bench);
