// Kills the host report in every way and checks that it ends as if nothing had happened.
//
//   node test/kill-sweep/run.ts                    every second event, ways in turn, 20 random times, two directed kills a phase
//   node test/kill-sweep/run.ts --grid             everything in all four ways
//   node test/kill-sweep/run.ts --package DIR      put another copy of the package to the test
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hostReport } from './subject.ts';
import { sweep } from './sweep.ts';

const { values } = parseArgs({
  options: {
    grid: { type: 'boolean', default: false },
    package: { type: 'string', default: path.resolve(import.meta.dirname, '..', '..') },
    random: { type: 'string', default: '20' },
    parallel: { type: 'string', default: '2' },
  },
});

const startedMs = performance.now();
const report = await sweep({
  subject: hostReport,
  packageFolder: path.resolve(values.package),
  events: values.grid ? 'grid' : 'some',
  randomCount: Number(values.random),
  parallel: Number(values.parallel),
  say: (line) => console.log(line),
});
const struck = report.trials.filter((trial) => trial.struck).length;
const repeated = report.trials.reduce((sum, trial) => sum + trial.repeated, 0);
console.log(
  `\n${report.trials.length} kills planned, ${struck} struck a run of ${report.eventCount} events, ${repeated} calls ran a second time, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`,
);
for (const [phase, times] of report.hits) console.log(`  hit «${phase}» ${times} times`);
for (const fault of report.faults) console.log(`FAULT ${fault}`);
console.log(report.faults.length === 0 ? 'no fault' : `${report.faults.length} faults`);
process.exit(report.faults.length === 0 ? 0 : 1);
