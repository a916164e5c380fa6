// What travels? Bytes both ways between this machine and a host, before ssh encrypts them, beside Mitogen's.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ssh } from 'resprout';
import { inTurn, type Bench, type Row } from './support/bench.ts';
import { missingMitogen, openMitogen } from './support/mitogen.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';
import { echo } from './programs/far.ts';

/** An `ssh` to the host `counted`, which is this machine. */
const COUNTING = path.join(import.meta.dirname, 'peers/counted');
const SLICES = 3;
const CALLS = 1000;
const ARGUMENT = 'x'.repeat(16);

async function counted(file: string, count: number): Promise<number> {
  await using context = await ssh({ host: 'counted', node: process.execPath });
  for (let done = 0; done < count; done++) await context.call(echo, ARGUMENT);
  return readFileSync(file, 'utf8')
    .split('\n')
    .reduce((total, line) => total + Number(line), 0);
}

export const bench: Bench = {
  name: 'wire-bytes',
  question: 'How many bytes does a context send and receive?',
  async run() {
    const missing = missingMitogen();
    if (missing !== undefined) return [{ figure: 'beside Mitogen', skipped: missing }];
    using folder = workFolder();
    const { PATH } = process.env;
    const file = path.join(folder.path, 'counts');
    Object.assign(process.env, { PATH: `${COUNTING}:${PATH}`, COUNTED: file });
    try {
      await using peer = await openMitogen();
      const bytesOf = async (count: number): Promise<Record<'ours' | 'theirs', number[]>> =>
        await inTurn(SLICES, {
          ours: () => counted(file, count),
          theirs: () => peer.run({ kind: 'bytes', count, ssh: path.join(COUNTING, 'ssh') }),
        });
      const opened = await bytesOf(1);
      const called = await bytesOf(1 + CALLS);
      const each = (side: 'ours' | 'theirs'): number[] => called[side].map((bytes, at) => (bytes - (opened[side][at] ?? NaN)) / CALLS);
      const common = { unit: 'B', peer: 'Mitogen, the same', goal: 1 } as const;
      return [
        { ...common, figure: 'a context, opened and called once', ...opened },
        { ...common, figure: 'a call with 16 characters', ours: each('ours'), theirs: each('theirs') },
      ] satisfies readonly Row[];
    } finally {
      Object.assign(process.env, { PATH });
      delete process.env['COUNTED'];
    }
  },
};

if (import.meta.main) await runAlone(bench);
