// Strikes the first boot of a repository at calls that change a file: kills everything, kills the caller, or makes the call fail.
// Linux, root, a C compiler.
//
//   node test/first-boot/run.ts                 every call of the small repository; of the thousands that unpack packages 20 for each action
//   node test/first-boot/run.ts --bulk N        so many of those
//   node test/first-boot/run.ts --single N      so many of the others
//   node test/first-boot/run.ts --repository    this repository: 12 of its calls for each action, unless told otherwise
//   --cache empty|filled                        only without the user's cache, or only with it
//   --action NAME                               one of: kill all, kill one, ENOSPC, EIO, EACCES
import { parseArgs } from 'node:util';
import { makeClient } from '../primer/support/client.ts';
import { startRegistry } from '../primer/support/registry.ts';
import { testNode } from '../support/nodes.ts';
import { Rig } from './rig.ts';
import { small, thisRepository, type Subject } from './subject.ts';
import { pointsOf, Sweep, type Cache, type Extent } from './sweep.ts';

const { values } = parseArgs({
  options: {
    single: { type: 'string' },
    bulk: { type: 'string' },
    cache: { type: 'string' },
    action: { type: 'string' },
    repository: { type: 'boolean', default: false },
  },
});

/** @returns how many faults were found */
async function sweepOf(subject: Subject): Promise<number> {
  const startedMs = performance.now();
  using rig = new Rig();
  const sweep = new Sweep(subject, rig);
  const calls = await sweep.begin();
  console.log(`calls that change a file: ${calls.empty.length} without a cache, ${calls.filled.length} with one`);
  const usual = values.repository ? { single: 10, bulk: 2 } : { single: Infinity, bulk: 20 };
  const wanted: Extent = { single: Number(values.single ?? usual.single), bulk: Number(values.bulk ?? usual.bulk) };
  const none: Extent = { single: 0, bulk: 0 };
  const extentOf = (cache: Cache): Extent => (values.cache === undefined || values.cache === cache ? wanted : none);
  const points = pointsOf(calls, { empty: extentOf('empty'), filled: extentOf('filled') }).filter(
    ({ action }) => values.action === undefined || values.action === action,
  );
  const ends = new Map<string, number>();
  let faults = 0;
  let tried = 0;
  for (const point of points) {
    const { action, cache, call } = point;
    const result = await sweep.try(point);
    const end = action === 'kill all' ? 'killed' : result.exit === 0 ? 'went on' : result.exit === null ? 'killed' : result.code;
    ends.set(`${action}: ${end}`, (ends.get(`${action}: ${end}`) ?? 0) + 1);
    for (const fault of result.faults) console.log(`FAULT ${action} at ${cache} ${call.nth} ${call.op} ${call.path}: ${fault}`);
    faults += result.faults.length === 0 ? 0 : 1;
    tried += 1;
    if (tried % 50 === 0)
      console.log(`${tried} of ${points.length}, ${faults} with a fault, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  }
  for (const end of [...ends.keys()].toSorted()) console.log(`  ${end}: ${ends.get(end) ?? 0}`);
  console.log(`${tried} boots struck, ${faults} with a fault, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  return faults;
}

if (values.repository) {
  using subject = thisRepository();
  process.exitCode = (await sweepOf(subject)) === 0 ? 0 : 1;
} else {
  const registry = await startRegistry();
  const made = makeClient(registry, testNode('20.20.2'));
  process.exitCode = (await sweepOf(small(made))) === 0 ? 0 : 1;
  made.remove();
  await registry.close();
}
