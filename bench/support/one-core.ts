// What waits for other processes pays for waking another core at each hand-over, which says more of the machine than of the program. So such
// benches are told for one core too, where `taskset` can hold a process and its children on one.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Row } from './bench.ts';
import { printed } from './processes.ts';
import type { Answer } from './table.ts';

const FLAG = '--one-core';
/** Of a whole bench. */
const LIMIT_MS = 200_000;

/** Rows of a bench as the machine is, then those of the same file held on its last core. @param file the bench's own file */
export async function onOneCoreToo(file: string, run: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const rows = await run();
  if (process.argv.includes(FLAG)) return rows.map((row) => ({ ...row, figure: `on one core: ${row.figure}` }));
  if (spawnSync('taskset', ['--version']).status !== 0)
    return [...rows, { figure: 'the same on one core', skipped: 'there is no taskset' }];
  const core = String(availableParallelism() - 1);
  const text = await printed('taskset', ['-c', core, process.execPath, file, '--json', FLAG], LIMIT_MS);
  return [...rows, ...(JSON.parse(text) as Answer).rows];
}
