// Measures the built package with programs that use packages of npm, as a whole.
//
//   node test/packages/run.ts               all programs: plain, session, replay, and killed after a few of their events
//   node test/packages/run.ts http pg/pool  programs whose name has one of these in it
//   --stage plain|session|replay|kills      how far to go. Default kills
//   --kills N     at most N kills a program, spread evenly. Default 4
//   --workers N   default 2
//   --limit MS    a stage that takes longer hangs. Default 20,000
//   --package DIR another built copy of the package
//   --json FILE   writes what was found, after each program
//   --table FILE  writes the table for the documents
//   --keep        leaves the folders and journals
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { killPoints } from '../idioms/stages/kill-points.ts';
import { checkBuilt, packageIn, ROOT } from '../idioms/stages/package-under-test.ts';
import { examineAll } from '../idioms/stages/pool.ts';
import { entryLine, entryOf, table, writeEntries, type Entry } from '../idioms/report/report.ts';
import { needsDatabases, openSuite, tables } from './catalogue.ts';
import { startDatabases } from './servers/databases.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: 'string', default: 'kills' },
    kills: { type: 'string', default: '4' },
    sealed: { type: 'boolean', default: false },
    at: { type: 'string' },
    workers: { type: 'string', default: '2' },
    limit: { type: 'string', default: '20000' },
    package: { type: 'string', default: ROOT },
    json: { type: 'string' },
    table: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const STAGES = ['plain', 'session', 'replay', 'kills'] as const;
const last = STAGES.find((name) => name === values.stage);
if (last === undefined) throw new Error(`--stage ${values.stage}: one of ${STAGES.join(', ')}`);
const given = packageIn(path.resolve(values.package));
checkBuilt(given);
const meant = tables().filter(({ name }) => positionals.length === 0 || positionals.some((text) => name.includes(text)));
const databases = meant.some(needsDatabases) ? await startDatabases() : undefined;
const suite = await openSuite(meant, databases);
// The servers outlive a driver that is ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void Promise.resolve(databases?.close()).finally(() => process.exit(1)));
const entries: Entry[] = [];
const startedMs = performance.now();
try {
  await examineAll(suite.programs, {
    package: given,
    workers: Number(values.workers),
    last,
    limitMs: Number(values.limit),
    plainTwice: false,
    again: true,
    replayAfterKill: true,
    sealed: values.sealed,
    mostWrongKills: 3,
    keep: values.keep,
    killsOf: (_, events) => (values.at === undefined ? killPoints(events, Number(values.kills)) : [Number(values.at)]),
    onOutcome(outcome) {
      const entry = entryOf(outcome);
      entries.push(entry);
      console.log(entryLine(entry));
      if (values.json !== undefined) writeEntries(values.json, entries);
    },
  });
} finally {
  suite.close();
  await databases?.close();
}
console.log(`\n${table(entries)}\n${meant.length} programs in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
if (values.table !== undefined) writeFileSync(values.table, table(entries));
