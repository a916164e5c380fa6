// What do contexts and calls cost beside those of Mitogen, which does the same for Python?
import { local, type Context } from 'resprout';
import { each, inTurn, type Bench, type Row } from './support/bench.ts';
import { missingMitogen, openMitogen, type Mitogen, type MitogenOrder } from './support/mitogen.ts';
import { onOneCoreToo } from './support/one-core.ts';
import { runAlone } from './support/run-alone.ts';
import { echo, lengthOf } from './programs/far.ts';

const ARGUMENT = 'x'.repeat(16);
const BIG = new Uint8Array(64 * 1024 * 1024);
/** Contexts of a chain, and how many are opened at once. */
const DEPTHS = [1, 5];
let opened = 0;

/** A context at the end of a chain, with those above it. */
async function chain(depth: number): Promise<{ readonly last: Context; readonly all: readonly Context[] }> {
  const all: Context[] = [];
  for (let n = 0; n < depth; n++) {
    const via = all.at(-1);
    all.push(await local({ name: `depth-${String(opened++)}`, ...(via === undefined ? {} : { via }) }));
  }
  const [last] = all.slice(-1);
  if (last === undefined) throw new RangeError('a chain has at least one context');
  await last.call(echo, ARGUMENT);
  return { last, all };
}

async function calls(context: Context, count: number, flight: number): Promise<void> {
  const one = async (share: number): Promise<void> => {
    for (let done = 0; done < share; done++) await context.call(echo, ARGUMENT);
  };
  await Promise.all(Array.from({ length: flight }, () => one(count / flight)));
}

/** @returns ms until each of so many new contexts has answered its first call; closing them is not part of it */
async function openMany(count: number, via: Context | undefined): Promise<number> {
  const start = performance.now();
  const contexts = await Promise.all(
    Array.from({ length: count }, async () => {
      const context = await local({ name: `many-${String(opened++)}`, ...(via === undefined ? {} : { via }) });
      await context.call(echo, ARGUMENT);
      return context;
    }),
  );
  const tookMs = performance.now() - start;
  await Promise.all(contexts.map((context) => context.close()));
  return tookMs;
}

interface Case {
  readonly figure: string;
  readonly unit: 'us' | 'ms';
  readonly count: number;
  readonly slices: number;
  readonly warmUp: number;
  ours(): Promise<number | void>;
  readonly order: MitogenOrder;
}

async function measure(peer: Mitogen, one: Case): Promise<Row> {
  const taken = await inTurn(one.slices, { ours: () => one.ours(), theirs: () => peer.run(one.order) }, one.warmUp);
  const per = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, one.count, one.unit));
  return { figure: one.figure, unit: one.unit, ours: per(taken.ours), peer: 'Mitogen, the same', theirs: per(taken.theirs), goal: 1 };
}

async function rows(): Promise<readonly Row[]> {
  const missing = missingMitogen();
  if (missing !== undefined) return [{ figure: 'beside Mitogen', skipped: missing }];
  await using peer = await openMitogen();
  await using stack = new AsyncDisposableStack();
  const cases: Case[] = [];
  for (const depth of DEPTHS) {
    const { last, all } = await chain(depth);
    for (const context of all) stack.use(context);
    const order = { kind: 'calls', depth } as const;
    const common = { unit: 'us', slices: 11, warmUp: 3 } as const;
    cases.push({
      ...common,
      figure: `a call, at depth ${String(depth)}`,
      count: 320,
      ours: () => calls(last, 320, 1),
      order: { ...order, count: 320, flight: 1 },
    });
    if (depth > 1) continue;
    for (const flight of [64, 2000])
      cases.push({
        ...common,
        figure: `a call, ${flight.toLocaleString('en')} under way`,
        count: 4000,
        slices: 7,
        ours: () => calls(last, 4000, flight),
        order: { ...order, count: 4000, flight },
      });
    const argument = async (): Promise<void> => void (await last.call(lengthOf, BIG));
    cases.push({
      figure: '64 MiB as an argument',
      unit: 'ms',
      count: 1,
      slices: 5,
      warmUp: 1,
      ours: argument,
      order: { kind: 'argument', depth },
    });
  }
  const { last: via } = await chain(1);
  stack.use(via);
  for (const [count, below] of [
    [1, false],
    [8, false],
    [64, false],
    [8, true],
  ] as const)
    cases.push({
      figure: `${String(count)} context${count === 1 ? '' : 's at once'}${below ? ' through one intermediary' : ''}, opened and called`,
      unit: 'ms',
      count: 1,
      slices: count > 8 ? 3 : 5,
      warmUp: 1,
      ours: () => openMany(count, below ? via : undefined),
      order: { kind: 'open', count, via: below },
    });
  const measured: Row[] = [];
  for (const one of cases) measured.push(await measure(peer, one));
  return measured;
}

export const bench: Bench = {
  name: 'reach-peers',
  question: 'What do contexts and calls cost beside those of Mitogen?',
  run: () => onOneCoreToo(import.meta.filename, rows),
};

if (import.meta.main) await runAlone(bench);
