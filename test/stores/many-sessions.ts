// A store of thousands of sessions: what lists of it cost, and whether a run in it starts as one in an empty store does.
// `npm run build && node test/stores/many-sessions.ts [SESSIONS]`, 10,000 by default, which takes some minutes. Exit code 1 when a goal is missed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSqliteJournal } from '../../src/durable/engines/index.ts';
import { encodeRowBytes } from '../../src/durable/journal/events/row-codec.ts';
import { JOURNAL_VERSION, type JournalEvent } from '../../src/durable/journal/events/event.ts';
import { openStore } from '../../src/worker.ts';
import { encodeToBytes } from '../../src/wire/values/value-encode.ts';
import { workFolder } from '../../bench/support/work-folder.ts';

const CLI = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const TIMES = 5;
const LONG_EVENTS = 100_000;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

interface Goal {
  readonly what: string;
  readonly value: number;
  readonly most: number;
  readonly unit: string;
}

/** A session that ended so many seconds ago, as an older version left it: a journal and nothing else. */
function writeSession(runs: string, number: number, agoMs: number): void {
  const id = idOf(number);
  const atMs = Date.now() - agoMs;
  const journal = openSqliteJournal({ folder: path.join(runs, id), unsafeSynchronousForPowerCutTest: 'OFF' });
  journal.append([{ session: id, firstSeq: 0, count: 1, bytes: encodeRowBytes([startOf(id, atMs)]) }]);
  const site = { id: 's', file: 'program.ts', line: 1, column: 1 };
  const events: JournalEvent[] = [];
  for (let call = 0; call < 3; call++) {
    events.push({ t: 'call', id: call, delivered: call, fn: 'fetch', site, argsHash: 'h', atMs });
    events.push({ t: 'done', id: call, atMs, outcome: { kind: 'value', bytes: encodeToBytes('a result') } });
  }
  events.push({ t: 'end', atMs, how: 'done', bytes: encodeToBytes('a value'), dropped: [] });
  journal.append([{ session: id, firstSeq: 1, count: events.length, bytes: encodeRowBytes(events) }]);
  journal.close();
}

/** A session that was killed in the middle of so many events. */
function writeLong(runs: string, number: number): void {
  const id = idOf(number);
  const atMs = Date.now();
  const journal = openSqliteJournal({ folder: path.join(runs, id), unsafeSynchronousForPowerCutTest: 'OFF' });
  journal.append([{ session: id, firstSeq: 0, count: 1, bytes: encodeRowBytes([startOf(id, atMs)]) }]);
  for (let seq = 1; seq < LONG_EVENTS; seq += 1000) {
    const events = Array.from({ length: 1000 }, (): JournalEvent => ({ t: 'signal', name: 'S', value: new Uint8Array(100), atMs }));
    journal.append([{ session: id, firstSeq: seq, count: events.length, bytes: encodeRowBytes(events) }]);
  }
  journal.close();
}

function startOf(session: string, atMs: number): JournalEvent {
  return {
    t: 'start',
    version: JOURNAL_VERSION,
    atMs,
    session,
    seed: new Uint8Array(32),
    build: 'none',
    file: '/project/program.ts',
    exportName: 'default',
    folder: '/project',
    argv: [],
    data: encodeToBytes(null),
    envHashes: {},
  };
}

function idOf(number: number): string {
  let digits = '';
  for (let rest = number, i = 0; i < 26; i++, rest = Math.floor(rest / 32)) digits = (ALPHABET[rest % 32] ?? '0') + digits;
  return `ses_${digits}`;
}

interface Measured {
  readonly ms: number;
  readonly mebibytes: number;
  readonly out: string;
}

/** Runs the command line; its memory is looked at until it ends. */
async function command(args: readonly string[], cwd: string): Promise<Measured> {
  const start = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, errors, kibibytes] = ['', '', 0];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const look = setInterval(() => {
    try {
      kibibytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8'))?.[1] ?? kibibytes);
    } catch {
      // It has ended.
    }
  }, 5);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(look);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${errors}`);
  return { ms: performance.now() - start, mebibytes: kibibytes / 1024, out };
}

async function median(args: readonly string[], cwd: string): Promise<Measured> {
  const all: Measured[] = [];
  for (let i = 0; i < TIMES; i++) all.push(await command(args, cwd));
  return all.toSorted((a, b) => a.ms - b.ms)[TIMES >> 1] as Measured;
}

const count = Number(process.argv[2] ?? 10_000);
using folder = workFolder();
const [empty, full] = ['empty', 'full'].map((name) => path.join(folder.path, name)) as [string, string];
for (const place of [empty, full]) {
  mkdirSync(place);
  writeFileSync(path.join(place, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(place, 'program.mjs'), "export default () => 'value';\n");
  // Nothing is to go while it is measured.
  writeFileSync(path.join(place, 'resprout.config.json'), '{ "retention": false }');
}
const runs = path.join(openStore({ folder: path.join(full, '.resprout') }).folder, 'runs');
process.stderr.write(`writing ${count} sessions\n`);
for (let i = 0; i < count; i++) writeSession(runs, i, (count - i) * 1000);

const note = (text: string): void => void process.stderr.write(`${text}\n`);
const bare = await median(['--version'], full);
note(`resprout --version: ${bare.ms.toFixed(0)} ms, ${bare.mebibytes.toFixed(0)} MiB`);
const first = await command(['sessions', '--json'], full);
note(`the first list, of journals without summaries: ${first.ms.toFixed(0)} ms, ${first.mebibytes.toFixed(0)} MiB`);
const seen = (JSON.parse(first.out) as { value: unknown[] }).value.length;
if (seen !== count) throw new Error(`${seen} sessions were listed`);
const list = await median(['sessions', '--limit', '20'], full);
const all = await median(['sessions', '--json'], full);
if ((JSON.parse(all.out) as { value: unknown[] }).value.length !== count) throw new Error('the second list is another one');
note(`memory of sessions --json: ${all.mebibytes.toFixed(0)} MiB`);
const show = await median(['show', 'last'], full);

const [runEmpty, runFull]: [number[], number[]] = [[], []];
for (let i = 0; i < TIMES * 2; i++) {
  runEmpty.push((await command(['run', 'program.mjs'], empty)).ms);
  runFull.push((await command(['run', 'program.mjs'], full)).ms);
}
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

writeLong(runs, 32 ** 6);
const cold = await command(['sessions', '--limit', '20'], full);
note(`the first list with a session of ${LONG_EVENTS} events that no list has seen: ${cold.ms.toFixed(0)} ms`);
await new Promise((resolve) => setTimeout(resolve, 2500));
await command(['sessions', '--limit', '20'], full);
const long = await median(['sessions', '--limit', '20'], full);

const goals: readonly Goal[] = [
  { what: `sessions --limit 20, of ${count}`, value: list.ms, most: 500, unit: 'ms' },
  { what: 'its memory', value: list.mebibytes, most: 100, unit: 'MiB' },
  { what: `sessions --json, of ${count}`, value: all.ms, most: 500, unit: 'ms' },
  { what: `show last, of ${count}`, value: show.ms, most: 300, unit: 'ms' },
  {
    what: `run, more than in an empty store (${middle(runEmpty).toFixed(0)} ms)`,
    value: middle(runFull) - middle(runEmpty),
    most: 25,
    unit: 'ms',
  },
  { what: `sessions, more for one of ${LONG_EVENTS} events`, value: long.ms - list.ms, most: 50, unit: 'ms' },
];
for (const { what, value, most, unit } of goals)
  process.stdout.write(`${value <= most ? 'ok  ' : 'MISS'} ${what}: ${value.toFixed(0)} ${unit}, at most ${most}\n`);
process.exitCode = goals.every(({ value, most }) => value <= most) ? 0 : 1;
