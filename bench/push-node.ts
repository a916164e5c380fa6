// How long does it take to put a Node on a host that has none, beside `scp` of the same bytes? Against a sshd of its own on the loopback.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ssh } from 'resprout';
import { openRig, rigProblem } from '../test/ssh/rig.ts';
import { inTurn, type Bench } from './support/bench.ts';
import { runToEnd } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { echo } from './programs/far.ts';

const SLICES = 5;
const FIGURES = { push: 'put a Node on a host by ssh, and first call', again: 'open by ssh and first call where it lies there' };
let opened = 0;

export const bench: Bench = {
  name: 'push-node',
  question: 'How long does it take to put a Node on a host that has none?',
  async run() {
    const problem = rigProblem();
    if (problem !== undefined) return Object.values(FIGURES).map((figure) => ({ figure, skipped: problem }));
    const cache = mkdtempSync(path.join(tmpdir(), 'resprout-push-'));
    process.env['XDG_CACHE_HOME'] = cache;
    const rig = await openRig([{ shell: '/bin/sh' }]);
    try {
      const [user] = rig.users;
      if (user === undefined) throw new Error('the rig has no user');
      const configFile = rig.config();
      const far = { host: '127.0.0.1', port: rig.port, user: user.name, configFile, pushNode: true };
      const openAndCall = async (): Promise<number> => {
        const start = performance.now();
        await using context = await ssh({ ...far, name: `bench-${opened++}` });
        await context.call(echo, 'x'.repeat(16));
        return performance.now() - start;
      };
      const empty = (): void => rmSync(path.join(user.home, '.cache'), { recursive: true, force: true });
      const push = (): Promise<number> => {
        empty();
        return openAndCall();
      };
      // What is packed once is kept: the time of that is told by the first one alone.
      const firstMs = await push();
      const packed = path.join(cache, 'resprout/push');
      const travels = readdirSync(packed)
        .filter((name) => /\.(gzip|zstd)$/.test(name))
        .map((name) => path.join(packed, name));
      const [largest = ''] = travels.toSorted((a, b) => statSync(b).size - statSync(a).size);
      const bytes = statSync(largest).size;
      const scp = (): Promise<void> =>
        runToEnd('scp', ['-O', '-q', '-F', configFile, '-P', String(rig.port), largest, `${user.name}@127.0.0.1:copy`]);
      const times = await inTurn(SLICES, { push, scp });
      await push();
      const bare = (): Promise<void> => runToEnd('ssh', ['-q', '-F', configFile, '-p', String(rig.port), `${user.name}@127.0.0.1`, 'true']);
      const again = await inTurn(SLICES, { ours: openAndCall, theirs: bare });
      console.error(`the first one, with packing: ${firstMs.toFixed(0)} ms`);
      return [
        {
          figure: `${FIGURES.push} (${(bytes / 1e6).toFixed(1)} MB travel)`,
          unit: 'ms',
          ours: times.push,
          peer: '`scp -O` of the same packed file',
          theirs: times.scp,
        },
        { figure: FIGURES.again, unit: 'ms', ours: again.ours, peer: '`ssh HOST true`', theirs: again.theirs },
      ];
    } finally {
      await rig.close();
      rmSync(cache, { recursive: true, force: true });
    }
  },
};

if (import.meta.main) await runAlone(bench);
