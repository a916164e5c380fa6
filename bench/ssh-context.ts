// How long does it take to open a context over ssh and to make the first call? Against a sshd of its own on the loopback.
import { ssh } from 'resprout';
import { openRig, rigProblem } from '../test/ssh/rig.ts';
import { placeNode } from '../test/ssh/support/homes.ts';
import { inTurn, type Bench } from './support/bench.ts';
import { runToEnd } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { echo } from './programs/far.ts';

const SLICES = 9;
const FIGURE = 'open over ssh and first call';
let opened = 0;

export const bench: Bench = {
  name: 'ssh-context',
  question: 'How long does it take to open a context over ssh and to make the first call?',
  async run() {
    const problem = rigProblem();
    if (problem !== undefined) return [{ figure: FIGURE, skipped: problem }];
    const rig = await openRig([{ shell: '/bin/sh', home: 'memory', prepare: (home) => placeNode(home, 'n') }]);
    try {
      const [user] = rig.users;
      if (user === undefined) throw new Error('the rig has no user');
      const configFile = rig.config();
      const far = { host: '127.0.0.1', port: rig.port, user: user.name, configFile };
      const openAndCall = async (): Promise<number> => {
        const start = performance.now();
        await using context = await ssh({ ...far, name: `bench-${opened++}` });
        await context.call(echo, 'x'.repeat(16));
        return performance.now() - start;
      };
      const target = ['-F', configFile, '-p', String(rig.port), `${user.name}@127.0.0.1`];
      const bare = (): Promise<void> => runToEnd('ssh', ['-q', ...target, `${user.home}/n/bin/node -e 0`]);
      return [{ figure: FIGURE, unit: 'ms', ...(await inTurn(SLICES, { ours: openAndCall, theirs: bare })), peer: '`ssh HOST node -e 0`' }];
    } finally {
      await rig.close();
    }
  },
};

if (import.meta.main) await runAlone(bench);
