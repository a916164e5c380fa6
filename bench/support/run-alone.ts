import { loadavg } from 'node:os';
import type { Bench } from './bench.ts';
import { tableOf } from './table.ts';

/** Runs one bench when its file is the program: `--json` prints its rows as one value, otherwise it prints a table. */
export async function runAlone(bench: Bench): Promise<void> {
  const load = loadavg()[0] ?? 0;
  const rows = await bench.run();
  const answer = { name: bench.name, question: bench.question, rows };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(answer));
    return;
  }
  console.log(`${bench.question} (load average at the start ${load.toFixed(1)})\n`);
  console.log(tableOf([answer]));
}
