// The disk of a store fills at a moment of a run and is freed again: what was told, when, and whether the session came to its right end.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Shop, jsonOf, type Started } from '../cli/support/cli.ts';
import { SmallDisk } from './small-disk.ts';

const STEPS = 24;
/** Sum of the lengths of '0' to '23'. */
const VALUE = 38;
const PROGRAM = `
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
export default async function () {
  let read = 0;
  for (let i = 0; i < ${STEPS}; i++) {
    writeFileSync('step', String(i));
    read += readFileSync('step').length;
    await readFile('step');
    console.log('step', i);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  return read;
}`;

/** How long the disk stays full when nobody says anything. */
const FULL_MS = 30_000;
const TOLD = /the disk of the store is full|✖ (?:STORE_IO|FILE_IO) /;

export interface Moment {
  /** Milliseconds after the start of the command at which the disk was full. */
  readonly atMs: number;
  /** How the command ended; 0 when the session outlived the full disk. */
  readonly exit: number;
  /** Milliseconds from the moment at which the disk was full and the session needed it until that was told; undefined when it had ended. */
  readonly toldAfterMs: number | undefined;
  readonly isResumed: boolean;
  /** First line of the error that it ended with; empty when there was none. */
  readonly problem: string;
  /** What should not be; empty when all is well. */
  readonly faults: readonly string[];
}

/** Waits for a run to say something that fits, or to end, or for the time to be over. @returns whether it said it */
async function says(run: Started, text: RegExp, ms: number): Promise<boolean> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs && run.child.exitCode === null) {
    if (text.test(run.err)) return true;
    await pause(10);
  }
  return text.test(run.err);
}

/** Runs one session whose disk fills after `atMs`. */
async function tryMoment(shop: Shop, disk: SmallDisk, atMs: number): Promise<Moment> {
  const faults: string[] = [];
  const run = shop.start(['run', 'steps.ts', '--store', join(disk.folder, 'store')]);
  await pause(atMs);
  disk.fill();
  // Before the session has an id, the command may still be starting: it needs the disk when it gets there.
  const fullMs = performance.now();
  const isTold = await says(run, TOLD, FULL_MS);
  const toldAfterMs = isTold ? performance.now() - fullMs : undefined;
  if (!isTold && run.child.exitCode === null) faults.push(`nothing was told in ${FULL_MS} ms: ${run.err}`);
  if (isTold) await pause(300);
  disk.free();
  const { exit, out, err } = await run.ended;
  if (exit !== 0 && exit !== 4) faults.push(`exit ${exit}: ${err}`);
  if (/INTERNAL|JOURNAL_CORRUPT/.test(err)) faults.push(`a wrong code: ${err}`);
  if (exit === 4 && !/✖ (?:STORE_IO|FILE_IO) /.test(err)) faults.push(`no code of a disk: ${err}`);
  if (exit === 0 && !out.endsWith(`${VALUE}\n`)) faults.push(`another value: ${out.slice(-40)}`);
  const isResumed = exit !== 0 && (await goOn(shop, disk, faults));
  return { atMs, exit, toldAfterMs, isResumed, problem: /✖ .*/.exec(err)?.[0] ?? '', faults };
}

/** Every session that is not over goes on to its right end. @returns whether there was one */
async function goOn(shop: Shop, disk: SmallDisk, faults: string[]): Promise<boolean> {
  const store = ['--store', join(disk.folder, 'store')];
  const list = await shop.run(['sessions', '--json', ...store]);
  const open = (jsonOf(list).value as unknown as { sessionId: string; state: string }[]).filter(({ state }) => state !== 'done');
  for (const { sessionId } of open) {
    const { exit, out, err } = await shop.run(['resume', sessionId, ...store]);
    if (exit !== 0 || !out.endsWith(`${VALUE}\n`)) faults.push(`${sessionId} cannot go on: ${exit} ${out.slice(-40)} ${err}`);
  }
  return open.length > 0;
}

/** Tries `count` moments, spread over a run. @param say takes a line for each */
export async function tryMoments(count: number, say: (line: string) => void): Promise<readonly Moment[]> {
  using shop = new Shop({ 'steps.ts': PROGRAM });
  using disk = new SmallDisk(join(shop.folder, 'disk'));
  await shop.run(['run', 'steps.ts', '--store', join(disk.folder, 'store')]);
  const beganMs = performance.now();
  await shop.run(['run', 'steps.ts', '--store', join(disk.folder, 'store')]);
  const wholeMs = performance.now() - beganMs;
  const moments: Moment[] = [];
  for (let i = 0; i < count; i++) {
    const moment = await tryMoment(shop, disk, Math.round((wholeMs * i) / count));
    moments.push(moment);
    const told = moment.toldAfterMs === undefined ? 'nothing to tell' : `told after ${Math.round(moment.toldAfterMs)} ms`;
    say(
      `full after ${moment.atMs} ms: exit ${moment.exit}, ${told}${moment.isResumed ? ', resumed' : ''} ${[moment.problem, ...moment.faults].join('; ')}`,
    );
  }
  return moments;
}
