// One program of yours through all stages: plain, session, replay, killed after each event and resumed.
//
//   node test/idioms/one.ts FILE [--script] [--kills N] [--at N] [--keep] [-- ARGS]
//
// The file must give the same under plain Node every time, and end by itself.
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { killPoints } from './stages/kill-points.ts';
import { checkBuilt, packageIn, ROOT } from './stages/package-under-test.ts';
import { examineAll } from './stages/pool.ts';
import { formOf, type Program } from './tables/program.ts';
import { entryLine, entryOf } from './report/report.ts';
import { isAcceptable } from './verdicts/verdict.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    script: { type: 'boolean', default: false },
    fails: { type: 'boolean', default: false },
    kills: { type: 'string', default: '1000' },
    at: { type: 'string' },
    limit: { type: 'string', default: '20000' },
    keep: { type: 'boolean', default: false },
  },
});
const [given, ...argv] = positionals;
if (given === undefined) throw new Error('node test/idioms/one.ts FILE');
const file = path.resolve(given);
const text = readFileSync(file, 'utf8');
const program: Program = {
  name: `one/${path.basename(file)}`,
  concern: 'one',
  path: file,
  file: path.basename(file),
  files: new Map([[path.basename(file), text]]),
  form: values.script ? 'script' : formOf(text),
  mayLose: true,
  mayRefuse: true,
  fails: values.fails,
  argv,
  volatile: [],
  repeats: [],
  inFlight: 1,
};
const underTest = packageIn(ROOT);
checkBuilt(underTest);
const [outcome] = await examineAll([program], {
  package: underTest,
  workers: 1,
  last: 'kills',
  limitMs: Number(values.limit),
  plainTwice: true,
  again: true,
  replayAfterKill: true,
  mostWrongKills: 1000,
  keep: values.keep,
  killsOf: (_, events) => (values.at === undefined ? killPoints(events, Number(values.kills)) : [Number(values.at)]),
});
if (outcome === undefined) throw new Error('nothing was examined');
if ('examination' in outcome) {
  const { plain } = outcome.examination;
  console.log(`plain Node: ${plain.failure?.text ?? plain.value ?? 'undefined'}, exit ${plain.signal ?? plain.exitCode}`);
}
const entry = entryOf(outcome);
console.log(entryLine(entry));
process.exit(entry.verdict !== 'unsound' && isAcceptable(entry.verdict) ? 0 : 1);
