// How long does `resprout resume` take until a killed session does something new? All of its history is read, checked and replayed before.
// Each resume is killed in the step that it does, which leaves the journal as it was.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJournalReader } from '../src/durable/engines/index.ts';
import { inTurn, type Bench, type Row } from './support/bench.ts';
import { bareNode, killedAtFirstByte } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PROGRAM = path.join(import.meta.dirname, 'programs/resumed.ts');
const SLICES = 5;
/** Recording the longest one takes the most of the time. */
const RECORD_MS = 250_000;

/** Histories by their number of steps, each of which is two events. */
const HISTORIES = { young: 20, long: 5_000, longest: 50_000 } as const;

interface Recorded {
  readonly id: string;
  readonly store: string;
  events: number;
}

/** Steps are recorded, and the session is killed in the one behind them. */
async function record(folder: string, name: string, steps: number): Promise<Recorded> {
  const store = path.join(folder, name);
  mkdirSync(store, { recursive: true });
  const args = [COMMAND, 'run', PROGRAM, '--store', store, '--quiet', '--data', JSON.stringify({ steps })];
  await killedAtFirstByte(process.execPath, args, RECORD_MS);
  const [id] = readdirSync(path.join(store, 'runs'));
  if (id === undefined) throw new Error(`nothing was recorded in ${store}`);
  return { id, store, events: 0 };
}

function read(session: Recorded): void {
  const reader = openJournalReader({ folder: path.join(session.store, 'runs', session.id) });
  session.events = 0;
  for (const row of reader.rows(session.id)) session.events += row.count;
  reader.close();
}

const resume = ({ id, store }: Recorded): Promise<number> =>
  killedAtFirstByte(process.execPath, [COMMAND, 'resume', id, '--store', store, '--quiet']);

async function measure(folder: string): Promise<readonly Row[]> {
  const sessions: Recorded[] = [];
  for (const [name, steps] of Object.entries(HISTORIES)) sessions.push(await record(folder, name, steps));
  const rows: Row[] = [];
  for (const session of sessions) {
    const taken = await inTurn(SLICES, { resume: () => resume(session), read: () => read(session), bareNode });
    const figure = `from \`resprout resume\` to the first new step, behind ${session.events.toLocaleString('en-US')} events`;
    const floor = taken.read.map((ms, slice) => ms + (taken.bareNode[slice] ?? NaN));
    rows.push({ figure, unit: 'ms', ours: taken.resume, peer: '`node -e 0`, and reading and checking the same rows', theirs: floor });
  }
  return rows;
}

export const bench: Bench = {
  name: 'resume',
  question: 'How long does `resprout resume` take until a killed session does something new?',
  async run() {
    using folder = workFolder();
    return await measure(folder.path);
  },
};

if (import.meta.main) await runAlone(bench);
