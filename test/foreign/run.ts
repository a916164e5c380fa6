// Measures the built package with programs that nobody here wrote: tests and examples that packages of npm ship.
//
//   node test/foreign/run.ts                every program: plain twice, session, replay in an empty folder, two kills
//   node test/foreign/run.ts events bl/     programs whose name has one of these in it
//   --sample       a program of each package, one kill
//   --find         runs all files that look like programs under plain Node, and writes programs.txt
//   --stage plain|session|replay|kills      how far to go. Default kills
//   --kills N      at most N kills a program, spread evenly. Default 2
//   --sealed       replay once more in an empty network, on a disk that takes nothing but the store, under strace: root on Linux
//   --at N         one kill, after event N
//   --workers N    default 2
//   --limit MS     a stage that takes longer hangs. Default 20,000
//   --json FILE    writes what was found, after each program; --go-on leaves out what stands there
//   --table FILE   writes the table for the documents
//   --write-known  writes known.txt as it was found
//   --keep         leaves the folders and journals
//
// Fails when something is not as known.txt says. The first run fetches the packages from the registry of npm.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { knownFault, renewed } from '../idioms/report/known-faults.ts';
import { readKnown, writeKnown } from '../idioms/known.ts';
import { entryLine, entryOf, readEntries, table, writeEntries, type Entry } from '../idioms/report/report.ts';
import { killPoints } from '../idioms/stages/kill-points.ts';
import { checkBuilt, packageIn, ROOT } from '../idioms/stages/package-under-test.ts';
import { examineAll } from '../idioms/stages/pool.ts';
import type { Program } from '../idioms/tables/program.ts';
import { fetchPackages } from './fetch-packages.ts';
import { candidates, listedPrograms, writeList } from './programs.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'boolean', default: false },
    find: { type: 'boolean', default: false },
    stage: { type: 'string', default: 'kills' },
    kills: { type: 'string' },
    sealed: { type: 'boolean', default: false },
    at: { type: 'string' },
    workers: { type: 'string', default: '2' },
    limit: { type: 'string', default: '20000' },
    json: { type: 'string' },
    'go-on': { type: 'boolean', default: false },
    table: { type: 'string' },
    'write-known': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const STAGES = ['plain', 'session', 'replay', 'kills'] as const;
const KNOWN = path.join(import.meta.dirname, 'known.txt');

const last = values.find ? 'plain' : STAGES.find((name) => name === values.stage);
if (last === undefined) throw new Error(`--stage ${values.stage}: one of ${STAGES.join(', ')}`);
const given = packageIn(ROOT);
checkBuilt(given);
const folder = fetchPackages();

/** The first program of each package. */
function sampleOf(programs: readonly Program[]): Program[] {
  return [...new Map(programs.toReversed().map((program) => [program.concern, program])).values()];
}

const all = values.find ? candidates(folder) : listedPrograms(folder);
const before = values['go-on'] && values.json !== undefined && existsSync(values.json) ? readEntries(values.json) : [];
const isMeant = ({ name }: Program): boolean => positionals.length === 0 || positionals.some((text) => name.includes(text));
const meant = (values.sample ? sampleOf(all) : all).filter(
  (program) => isMeant(program) && !before.some(({ name }) => name === program.name),
);
const entries: Entry[] = [...before];
const startedMs = performance.now();
const kills = Number(values.kills ?? (values.sample ? 1 : 2));
await examineAll(meant, {
  package: given,
  workers: Number(values.workers),
  last,
  limitMs: Number(values.limit),
  plainTwice: true,
  again: true,
  replayAfterKill: true,
  sealed: values.sealed,
  mostWrongKills: 2,
  keep: values.keep,
  killsOf: (_, events) => (values.at === undefined ? killPoints(events, kills) : [Number(values.at)]),
  onOutcome(outcome) {
    const entry = entryOf(outcome);
    entries.push(entry);
    console.log(entryLine(entry));
    if (values.json !== undefined) writeEntries(values.json, entries);
  },
});
console.log(`\n${table(entries)}\n${meant.length} programs in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
if (values.table !== undefined) writeFileSync(values.table, table(entries));
if (values.find) {
  writeList(entries.filter(({ verdict }) => verdict !== 'unsound').map(({ name }) => name));
  process.exit();
}
const known = readKnown(KNOWN);
const faults = entries.flatMap((entry) => knownFault(entry, known.get(entry.name), last, kills < 2) ?? []);
for (const fault of faults) console.log(fault);
if (values['write-known']) writeKnown(renewed(known, entries, last), KNOWN);
process.exit(faults.length > 0 ? 1 : 0);
