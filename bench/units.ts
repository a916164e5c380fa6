// What does it cost to keep threads and processes alive, and to call them? Beside the bare thing, and beside others that do it.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { group, supervise, type Replicas, type Supervisor } from 'resprout/supervisor';
import { Echoes, Waits } from './programs/unit.ts';
import { each, inTurn, type Bench, type Row, type Timed } from './support/bench.ts';
import { missingKeepers, openClusterWorker, openPiscina, openPm2, type Pool } from './support/keepers.ts';

const BARE = path.join(import.meta.dirname, 'programs/unit-bare.ts');
const SLICES = 15;
const CALLS = 300;
const AT_ONCE = 64;
const STDIO = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
const GOAL = 1.1;

type Bare = Worker | ChildProcess;
const openBare = async (place: 'thread' | 'process'): Promise<Bare> => {
  const bare = place === 'thread' ? new Worker(BARE) : fork(BARE, { stdio: [...STDIO] });
  await once(bare, 'message');
  return bare;
};
const closeBare = async (bare: Bare): Promise<void> => {
  const gone = once(bare, 'exit');
  if (bare instanceof Worker) await bare.terminate();
  else bare.kill('SIGKILL');
  await gone;
};

/** Times `open` alone; what it opened is closed after the watch has stopped. */
const opening =
  <T>(open: () => Promise<T>, close: (opened: T) => Promise<unknown>): Timed =>
  async () => {
    const start = performance.now();
    const opened = await open();
    const tookMs = performance.now() - start;
    await close(opened);
    return tookMs;
  };

const openUnit = (place: 'thread' | 'process'): Promise<Supervisor> => supervise(Waits, undefined, { in: place });
const closeUnit = (unit: { close(): Promise<void> }): Promise<void> => unit.close();

async function starts(missing: string | undefined): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const place of ['thread', 'process'] as const) {
    const taken = await inTurn(SLICES, {
      ours: opening(() => openUnit(place), closeUnit),
      bare: opening(() => openBare(place), closeBare),
    });
    const peer = place === 'thread' ? '`new Worker`, until its first message' : '`fork`, until its first message';
    rows.push({ figure: `a ${place}, start to ready`, unit: 'ms', ours: taken.ours, peer, theirs: taken.bare, goal: GOAL });
  }
  const ours = opening(() => openUnit('process'), closeUnit);
  const clustered = await inTurn(SLICES, { ours, theirs: opening(openClusterWorker, (worker) => closeBare(worker.process)) });
  rows.push({ figure: 'a process, start to ready', unit: 'ms', ours: clustered.ours, peer: '`cluster.fork`', theirs: clustered.theirs });
  if (missing !== undefined) return [...rows, { figure: 'PM2 and piscina', skipped: missing }];
  const pool = opening(
    async () => {
      const opened = openPiscina(1, 1);
      await opened.run('');
      return opened;
    },
    (opened: Pool) => opened.destroy(),
  );
  const threads = await inTurn(SLICES, { ours: opening(() => openUnit('thread'), closeUnit), theirs: pool });
  rows.push({
    figure: 'a thread, start to ready',
    unit: 'ms',
    ours: threads.ours,
    peer: 'piscina, to its first answer',
    theirs: threads.theirs,
  });
  return rows;
}

/** Memory of a fresh process that lies in RAM. */
function residentBytes(pid: number | undefined): number {
  const [, kib] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

async function memory(): Promise<readonly Row[]> {
  if (process.platform !== 'linux') return [{ figure: 'memory of a process (RSS)', skipped: 'it is read from /proc, which Linux has' }];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let n = 0; n < 5; n++) {
    const unit = await openUnit('process');
    ours.push(residentBytes(unit.snapshot()[0]?.pid));
    await closeUnit(unit);
    const bare = fork(BARE, { stdio: [...STDIO] });
    await once(bare, 'message');
    theirs.push(residentBytes(bare.pid));
    await closeBare(bare);
  }
  return [{ figure: 'memory of a process (RSS)', unit: 'B', ours, peer: '`fork`', theirs, goal: GOAL }];
}

/** Kills a unit; resolves when its next life is ready. */
async function restartMs(supervisor: Supervisor): Promise<number> {
  const events = supervisor.events();
  const { pid } = supervisor.snapshot()[0] ?? {};
  const killedMs = performance.now();
  process.kill(pid ?? 0, 'SIGKILL');
  for await (const event of events) if (event.kind === 'state' && event.state === 'ready') return performance.now() - killedMs;
  throw new Error('it gave up');
}

/** The same by hand: the next one is started when the last one has ended. */
async function bareRestartMs(): Promise<number> {
  const first = await openBare('process');
  const killedMs = performance.now();
  await closeBare(first);
  const second = await openBare('process');
  const tookMs = performance.now() - killedMs;
  await closeBare(second);
  return tookMs;
}

async function restarts(missing: string | undefined): Promise<readonly Row[]> {
  const figure = 'a process killed, until the next one is ready';
  const keep = { backOff: { firstMs: 0, mostMs: 0 }, budget: { restarts: 10_000 } } as const;
  await using supervisor = await supervise(Waits, undefined, keep);
  const ours = (): Promise<number> => restartMs(supervisor);
  const bare = await inTurn(SLICES, { ours, theirs: bareRestartMs });
  const rows: Row[] = [{ figure, unit: 'ms', ours: bare.ours, peer: '`fork` again at `exit`', theirs: bare.theirs, goal: GOAL }];
  if (missing !== undefined) return rows;
  await using daemon = await openPm2();
  await daemon.start('one');
  const other = await inTurn(SLICES, { ours, theirs: () => daemon.restart('one') });
  await daemon.remove('one');
  return [...rows, { figure, unit: 'ms', ours: other.ours, peer: 'PM2, which says «online» when it has started it', theirs: other.theirs }];
}

/** Calls one after the other, then many at once. */
const calling = (call: (value: string) => Promise<string>): { readonly one: Timed; readonly many: Timed } => ({
  one: async () => {
    for (let n = 0; n < CALLS; n++) await call('value');
  },
  many: async () => {
    let left = CALLS * 10;
    const caller = async (): Promise<void> => {
      while (left-- > 0) await call('value');
    };
    await Promise.all(Array.from({ length: AT_ONCE }, caller));
  },
});

/** A call of a bare one: answers come in the order of the calls. */
function bareCall(bare: Bare): (value: string) => Promise<string> {
  const waiting: ((value: string) => void)[] = [];
  bare.on('message', (value: string) => waiting.shift()?.(value));
  return (value) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (bare instanceof Worker) bare.postMessage(value);
      else bare.send(value);
    });
}

async function dispatch(missing: string | undefined): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const us = (samples: readonly number[], count: number): number[] => samples.map((ms) => each(ms, count, 'us'));
  const compare = async (
    place: string,
    mine: Replicas<typeof Echoes>,
    call: (value: string) => Promise<string>,
    peer: string,
  ): Promise<void> => {
    const [ours, theirs] = [calling((value) => mine.call('echo', value)), calling(call)];
    const one = await inTurn(SLICES, { ours: ours.one, theirs: theirs.one });
    const many = await inTurn(SLICES, { ours: ours.many, theirs: theirs.many });
    rows.push({ figure: `a call to a ${place}`, unit: 'us', ours: us(one.ours, CALLS), peer, theirs: us(one.theirs, CALLS) });
    const figure = `the same, ${AT_ONCE} under way`;
    rows.push({ figure, unit: 'us', ours: us(many.ours, CALLS * 10), peer, theirs: us(many.theirs, CALLS * 10) });
  };
  for (const place of ['thread', 'process'] as const) {
    await using mine = await supervise(group(Echoes, undefined, { name: 'echo', in: place, replicas: 1, concurrency: AT_ONCE }));
    const bare = await openBare(place);
    await compare(place, mine, bareCall(bare), place === 'thread' ? '`postMessage` both ways' : '`send` both ways');
    await closeBare(bare);
    if (place === 'process' || missing !== undefined) continue;
    const pool = openPiscina(1, AT_ONCE);
    await compare(place, mine, (value) => pool.run(value), 'piscina');
    await pool.destroy();
  }
  return rows;
}

export const bench: Bench = {
  name: 'units',
  question: 'What does it cost to keep threads and processes alive, and to call them?',
  async run() {
    const missing = missingKeepers();
    // The first unit builds the program.
    await closeUnit(await openUnit('thread'));
    return [...(await starts(missing)), ...(await memory()), ...(await restarts(missing)), ...(await dispatch(missing))];
  },
};

if (import.meta.main) {
  const { runAlone } = await import('./support/run-alone.ts');
  await runAlone(bench);
}
