// What do the steps of a new session cost beside those of a new workflow elsewhere? Our session starts without a warm process; the workers of the
// others, and their servers, have run before.
import { each, inTurn, type Bench, type Row, type Timed } from './support/bench.ts';
import { newSession } from './support/new-session.ts';
import { missingPeers, openDbos, openRestate, postgresFolder, type Peer } from './support/peers.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const STEPS = 1000;
const SLICES = 3;
const KINDS = [
  { kind: 'sequential', figure: `a step, one after the other, ${STEPS.toLocaleString('en-US')} of a new session` },
  { kind: 'fan-out', figure: 'a step, ten at once, of a new session' },
] as const;

interface Open {
  readonly name: string;
  readonly peer: Peer;
}

/** Those that can be had on this machine, and why the others cannot. */
async function openPeers(
  folder: string,
  stack: AsyncDisposableStack,
): Promise<{ readonly open: readonly Open[]; readonly skipped: readonly string[] }> {
  const missing = missingPeers();
  if (missing !== undefined) return { open: [], skipped: [missing] };
  const open: Open[] = [{ name: 'Restate', peer: stack.use(await openRestate(folder)) }];
  const programs = postgresFolder();
  if (programs === undefined) return { open, skipped: ['DBOS wants PostgreSQL, which is not installed'] };
  open.push({ name: 'DBOS over PostgreSQL', peer: stack.use(await openDbos(programs)) });
  return { open, skipped: [] };
}

export const bench: Bench = {
  name: 'durable-peers',
  question: 'What do the steps of a new session cost beside those of other systems?',
  async run() {
    using folder = workFolder();
    await using stack = new AsyncDisposableStack();
    const { open, skipped } = await openPeers(folder.path, stack);
    const rows: Row[] = skipped.map((why) => ({ figure: 'a step beside another system', skipped: why }));
    for (const { kind, figure } of open.length === 0 ? [] : KINDS) {
      const peers = Object.fromEntries(open.map(({ name, peer }): [string, Timed] => [name, () => peer.run(kind, STEPS)]));
      const taken = await inTurn(SLICES, { ours: async () => (await newSession(kind, STEPS)).tookMs, ...peers });
      const us = (side: string): number[] => (taken[side as keyof typeof taken] ?? []).map((ms) => each(ms, STEPS, 'us'));
      for (const { name } of open)
        rows.push({
          figure,
          unit: 'us',
          ours: us('ours'),
          peer: `${name}, a new workflow`,
          theirs: us(name),
          goal: kind === 'fan-out' ? 0.5 : 1,
        });
    }
    return rows;
  },
};

if (import.meta.main) await runAlone(bench);
