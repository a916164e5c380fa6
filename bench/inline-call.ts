// What does a call cost that never leaves the program? A session beside plain Node, the same file.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { each, inTurn, type Bench, type Row } from './support/bench.ts';
import { takeOrders } from './support/orders.ts';
import { ended } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { startSession } from './support/session.ts';
import { workFolder } from './support/work-folder.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/inline-calls.ts');
// So many that the order and the answer, which are events of the session, do not count.
const CALLS = 10_000_000;
const SLICES = 7;
const KINDS = [
  'a function of the file',
  'a function given as argument',
  'a method of an object',
  'Math.floor',
  'push and pop',
  'charCodeAt',
  'an optional chain',
];

export const bench: Bench = {
  name: 'inline-call',
  question: 'What does a call cost that never leaves the program?',
  async run() {
    using folder = workFolder();
    const paths = { session: path.join(folder.path, 'session'), plain: path.join(folder.path, 'plain') };
    const session = startSession(PROGRAM, folder.path, { orders: paths.session });
    const child = spawn(process.execPath, [PROGRAM, paths.plain], { stdio: ['ignore', 'inherit', 'inherit'] });
    const plainEnd = ended(child, 'the plain program');
    const plainLost = plainEnd.then(() => Promise.reject(new Error('the plain program ended')));
    plainLost.catch(() => {});
    using inSession = await takeOrders(paths.session, session.lost);
    using inPlain = await takeOrders(paths.plain, plainLost);
    const rows: Row[] = [];
    for (const kind of KINDS) {
      const taken = await inTurn(SLICES, { ours: () => inSession.run(kind, CALLS), theirs: () => inPlain.run(kind, CALLS) }, 2);
      const ns = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, CALLS, 'ns'));
      rows.push({ figure: kind, unit: 'ns', ours: ns(taken.ours), peer: 'the same file on plain Node', theirs: ns(taken.theirs) });
    }
    await Promise.all([inSession.end(), inPlain.end()]);
    await Promise.all([session.result, plainEnd]);
    return rows;
  },
};

if (import.meta.main) await runAlone(bench);
