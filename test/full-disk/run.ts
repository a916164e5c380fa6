// `node test/full-disk/run.ts [COUNT]`: the disk of a store fills at COUNT moments (50) of a run and is freed. Needs Linux and root.
import { noSmallDisk } from './small-disk.ts';
import { tryMoments } from './moments.ts';

if (noSmallDisk !== false) throw new Error(noSmallDisk);
const moments = await tryMoments(Number(process.argv[2] ?? '50'), console.log);
const told = moments.flatMap(({ toldAfterMs }) => toldAfterMs ?? []).toSorted((a, b) => a - b);
const count = (fits: (moment: (typeof moments)[number]) => boolean): number => moments.filter(fits).length;
console.log(
  `${moments.length} moments: ${count(({ exit }) => exit === 0)} outlived it, ${count(({ isResumed }) => isResumed)} resumed, ` +
    `told after ${Math.round(told[Math.floor(told.length / 2)] ?? 0)} ms (median), ${Math.round(told.at(-1) ?? 0)} ms at most, ` +
    `${count(({ faults }) => faults.length > 0)} faults`,
);
process.exitCode = moments.some(({ faults }) => faults.length > 0) ? 1 : 0;
