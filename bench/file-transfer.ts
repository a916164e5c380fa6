// How long does a file of 256 MiB take, and what do small calls on the same link wait meanwhile?
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { local, type Context } from 'resprout';
import { inTurn, type Bench, type Row, type Timed } from './support/bench.ts';
import { missingMitogen, openMitogen } from './support/mitogen.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';
import { echo } from './programs/far.ts';

const MIB = 1024 * 1024;
const LARGE_MIB = 256;
const SMALL_FILES = 2000;
const SMALL_BYTES = 4096;
const SLICES = 5;
const GOAL_BESIDE = 5;

async function shell(command: string): Promise<void> {
  const child = spawn('sh', ['-c', command], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

function writeLarge(file: string): void {
  const block = Buffer.alloc(MIB);
  const fd = openSync(file, 'w');
  for (let at = 0; at < LARGE_MIB; at++) writeSync(fd, block.fill(`block ${at} `));
  closeSync(fd);
}

/** The longest of a hundred calls, in ms, while something goes on. */
async function slowCalls(context: Context, isOn: () => boolean): Promise<number> {
  const taken: number[] = [];
  do {
    const start = performance.now();
    await context.call(echo, 1);
    taken.push(performance.now() - start);
  } while (isOn());
  return taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? NaN;
}

/** Beside Mitogen's FileService, with a sync at the end; it compares sizes, not hashes. */
async function besideMitogen(put: Timed, from: string, to: string): Promise<Row> {
  const figure = `${LARGE_MIB} MiB to a local context, beside Mitogen`;
  const missing = missingMitogen();
  if (missing !== undefined) return { figure, skipped: missing };
  await using peer = await openMitogen();
  const get: Timed = async () => {
    const tookMs = await peer.run({ kind: 'file', depth: 1, from, to });
    rmSync(to);
    return tookMs;
  };
  const { ours, theirs } = await inTurn(SLICES, { ours: put, theirs: get });
  return { figure, unit: 'ms', ours, peer: 'its FileService and a sync, without a hash', theirs, goal: 1 };
}

export const bench: Bench = {
  name: 'file-transfer',
  question: 'How long does a file of 256 MiB take, and what do small calls on the same link wait meanwhile?',
  async run() {
    using folder = workFolder();
    await using context = await local({ name: 'bench' });
    const at = (name: string): string => path.join(folder.path, name);
    writeLarge(at('large'));
    mkdirSync(at('small'));
    for (let n = 0; n < SMALL_FILES; n++) writeFileSync(at(`small/${n}`), Buffer.alloc(SMALL_BYTES, String(n)));
    const fresh = async (name: string, copy: () => Promise<unknown>): Promise<void> => {
      await copy();
      rmSync(at(name), { recursive: true });
    };
    const put: Timed = () => fresh('put', () => context.files.put(at('large'), at('put')));
    const get: Timed = () => fresh('get', () => context.files.get(at('large'), at('get')));
    const cp: Timed = () => fresh('cp', () => shell(`cp ${at('large')} ${at('cp')} && sync ${at('cp')}`));
    const large = await inTurn(SLICES, { put, get, cp });
    const small = await inTurn(SLICES, {
      put: () => fresh('many', () => context.files.put(at('small'), at('many'))),
      cp: () => fresh('many', () => shell(`cp -r ${at('small')} ${at('many')}`)),
    });
    const beside = await inTurn(SLICES, {
      busy: async () => {
        let isMoving = true;
        const moving = context.files.put(at('large'), at('beside')).finally(() => {
          isMoving = false;
        });
        const tookMs = await slowCalls(context, () => isMoving);
        await moving;
        rmSync(at('beside'));
        return tookMs;
      },
      idle: () => {
        const end = performance.now() + 1000;
        return slowCalls(context, () => performance.now() < end);
      },
    });
    const peer = await besideMitogen(put, at('large'), at('mitogen'));
    const floor = '`cp` and `sync`, without a hash';
    return [
      { figure: '256 MiB to a local context, on its disk', unit: 'ms', ours: large.put, peer: floor, theirs: large.cp },
      { figure: '256 MiB from a local context', unit: 'ms', ours: large.get, peer: floor, theirs: large.cp },
      peer,
      { figure: '2,000 files of 4 KiB', unit: 'ms', ours: small.put, peer: '`cp -r`', theirs: small.cp },
      {
        figure: 'the slowest of 100 small calls beside it',
        unit: 'ms',
        ours: beside.busy,
        peer: 'the same with nothing beside them',
        theirs: beside.idle,
        goal: GOAL_BESIDE,
      },
    ];
  },
};

if (import.meta.main) await runAlone(bench);
