// Measures the built package with every program of the suite, as a whole.
//
//   node test/idioms/run.ts                      all programs: plain, session, replay, and killed after up to 40 of its events each
//   node test/idioms/run.ts net http-server/…    programs whose name has one of these in it; `*` stands for anything
//   --stage replay      no kills (also: plain, session)
//   --kills N           at most N kills a program, spread evenly. Default 40
//   --wrong N           a program is left alone after N wrong kills. Default 5
//   --sealed            replay once more in an empty network, on a disk that takes nothing but the store, under strace: root on Linux
//   --at N              one kill, after event N
//   --workers N         default 2
//   --limit MS          a stage that takes longer hangs. Default 10,000
//   --package DIR       another built copy of the package
//   --json FILE         writes what was found, after each program; --go-on leaves out what stands there and has not changed
//   --table FILE        writes the table for the documents
//   --known             prints what is not as known.txt says, and fails when there is such
//   --write-known       writes known.txt as it was found
//   --show              prints what plain Node gives
//   --keep              leaves the folders and journals
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { catalogue } from './tables/catalogue.ts';
import { killPoints } from './stages/kill-points.ts';
import { knownFault, renewed } from './report/known-faults.ts';
import { readKnown, writeKnown } from './known.ts';
import { checkBuilt, packageIn, ROOT } from './stages/package-under-test.ts';
import { examineAll, type Outcome } from './stages/pool.ts';
import type { Program } from './tables/program.ts';
import { entryLine, entryOf, readEntries, table, textHash, writeEntries, type Entry } from './report/report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: 'string', default: 'kills' },
    kills: { type: 'string', default: '40' },
    wrong: { type: 'string', default: '5' },
    sealed: { type: 'boolean', default: false },
    at: { type: 'string' },
    workers: { type: 'string', default: '2' },
    limit: { type: 'string', default: '10000' },
    package: { type: 'string', default: ROOT },
    json: { type: 'string' },
    'go-on': { type: 'boolean', default: false },
    table: { type: 'string' },
    known: { type: 'boolean', default: false },
    'write-known': { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

const STAGES = ['plain', 'session', 'replay', 'kills'] as const;

function stageOf(text: string): (typeof STAGES)[number] {
  const stage = STAGES.find((name) => name === text);
  if (stage === undefined) throw new Error(`--stage ${text}: one of ${STAGES.join(', ')}`);
  return stage;
}

function isMeant({ name }: Program): boolean {
  if (positionals.length === 0) return true;
  return positionals.some((text) => (text.includes('*') ? path.matchesGlob(name, text) : name.includes(text)));
}

function show(outcome: Outcome): void {
  if ('unsound' in outcome) return;
  const { value, failure, exitCode, stdout, stderr, files } = outcome.examination.plain;
  console.log(`${outcome.program.name}: ${value ?? 'undefined'}${exitCode === 0 ? '' : ` exit ${exitCode}`} ${failure?.text ?? ''}`);
  for (const text of [stdout, stderr]) if (text !== '') console.log(text.replace(/^(?=.)/gm, '    | '));
  for (const [file, { is }] of files) console.log(`    ${file} ${is}`);
}

const given = packageIn(path.resolve(values.package));
checkBuilt(given);
const stage = stageOf(values.stage);
const before = values['go-on'] && values.json !== undefined ? readEntries(values.json) : [];
const isDone = (program: Program): boolean => before.some((entry) => entry.name === program.name && entry.text === textHash(program));
const programs = catalogue().filter((program) => isMeant(program) && !isDone(program));
const entries: Entry[] = before.filter(({ name }) => !programs.some((program) => program.name === name));
if (programs.length === 0 && entries.length === 0) throw new Error('no program has such a name');
const startedMs = performance.now();
await examineAll(programs, {
  package: given,
  workers: Number(values.workers),
  last: stage,
  limitMs: Number(values.limit),
  plainTwice: true,
  again: true,
  replayAfterKill: true,
  sealed: values.sealed,
  mostWrongKills: Number(values.wrong),
  keep: values.keep,
  killsOf: (_, events) => (values.at === undefined ? killPoints(events, Number(values.kills)) : [Number(values.at)]),
  onOutcome(outcome) {
    const entry = entryOf(outcome);
    entries.push(entry);
    if (values.show) show(outcome);
    console.log(entryLine(entry));
    if (values.json !== undefined) writeEntries(values.json, entries);
  },
});
console.log(`\n${table(entries)}\n${programs.length} programs in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
if (values.table !== undefined) writeFileSync(values.table, table(entries));
const known = readKnown();
const isSample = Number(values.kills) < 40;
const faults = entries.flatMap((entry) => knownFault(entry, known.get(entry.name), stage, isSample) ?? []);
if (values.known) for (const fault of faults) console.log(fault);
if (values['write-known']) writeKnown(renewed(known, entries, stage));
process.exit(values.known && faults.length > 0 ? 1 : 0);
