import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../src/base/errors/errors.ts';
import { checkedRowCount } from './rows.ts';
import { compileShim, shimEnvironment } from './shim.ts';
import { DiskImage, readWriteLog, type Fate, type WriteOp } from './write-log.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'resprout-power-cut-')));
const library = compileShim(place);
after(() => rmSync(place, { recursive: true, force: true }));

/** Hundreds of journals are opened, each with a few waits for the disk. */
const LONG = { timeout: 600_000 };

/** Runs the writer under the shim and gives what it has changed. */
function record(name: string, synchronous: string, rows: number, bytes: number, reopen: number): WriteOp[] {
  const folder = join(place, name);
  const log = join(place, `${name}.log`);
  mkdirSync(folder, { mode: 0o700 });
  const run = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'writer.ts'), folder, ...[rows, synchronous, bytes, reopen].map(String)],
    {
      env: { ...process.env, ...shimEnvironment({ library, folder, log }) },
      encoding: 'utf8',
    },
  );
  assert.equal(run.status, 0, run.stderr);
  const ops = readWriteLog(log);
  assert.equal(ops.filter((op) => op.kind === 'A').length, rows);
  return ops;
}

/** What a cut leaves of the rows that were acknowledged before it. */
function survivors(ops: readonly WriteOp[], cut: number, fate: (op: WriteOp) => Fate): 'all' | 'lost' | 'unusable' {
  const image = new DiskImage(ops, cut, fate);
  const folder = join(place, 'image');
  image.writeTo(folder);
  try {
    return checkedRowCount(folder) >= (image.acknowledged.at(-1) ?? -1) + 1 ? 'all' : 'lost';
  } catch (error) {
    assert.ok(codeOf(error) !== undefined, String(error));
    return 'unusable';
  }
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

/** Cuts at random places after the first acknowledgement; what no sync covers is kept, dropped or torn at random. */
function randomCuts(ops: readonly WriteOp[], count: number, seed: number): Record<'all' | 'lost' | 'unusable', number> {
  const random = randomOf(seed);
  const first = ops.findIndex((op) => op.kind === 'A');
  const seen = { all: 0, lost: 0, unusable: 0 };
  for (let trial = 0; trial < count; trial++) {
    const cut = first + Math.ceil(random() * (ops.length - first));
    seen[survivors(ops, cut, () => (['keep', 'drop', 'tear'] as const)[Math.floor(random() * 3)] ?? 'keep')]++;
  }
  return seen;
}

test('openSqliteJournal() loses no acknowledged row at any cut of the power', LONG, () => {
  const ops = record('full', 'own', 120, 180, 40);
  assert.deepEqual(randomCuts(ops, 200, 1), { all: 200, lost: 0, unusable: 0 });
  const lastAck = ops.findLastIndex((op) => op.kind === 'A');
  for (let cut = ops.findIndex((op) => op.kind === 'A') + 1; cut <= lastAck; cut += 7)
    assert.equal(
      survivors(ops, cut, () => 'drop'),
      'all',
    );
});

test('openSqliteJournal() loses no acknowledged row at a cut around a checkpoint in the middle of a run', LONG, () => {
  // 90 rows of 256 KiB are more than the 16 MiB after which SQLite moves its log into the database.
  const ops = record('large', 'own', 90, 256 * 1024, 0);
  assert.ok(ops.filter((op) => op.kind === 'W' && op.name === 'journal-1.db').length > 4000, 'a checkpoint was made');
  assert.deepEqual(randomCuts(ops, 10, 2), { all: 10, lost: 0, unusable: 0 });
});

test('openSqliteJournal() loses no acknowledged row at a cut while its log is grown ahead', LONG, () => {
  const ops = record('grown', 'own', 260, 180, 0);
  const growths = ops.flatMap((op, at) =>
    op.kind === 'W' && op.bytes.length >= 65_536 && op.bytes.every((byte) => byte === 0) ? [at] : [],
  );
  assert.ok(growths.length >= 4, `${growths.length} growths`);
  assert.deepEqual(randomCuts(ops, 60, 4), { all: 60, lost: 0, unusable: 0 });
  for (const at of growths)
    for (const cut of [at, at + 1, at + 2, at + 3, at + 5, at + 9])
      for (const fate of ['keep', 'drop', 'tear'] as const)
        assert.equal(
          // The zeros of the growth and what was committed meanwhile have fates of their own.
          survivors(ops, cut, (op) => (op === ops[at] ? fate : 'drop')),
          'all',
          `cut ${cut}, growth ${at}: ${fate}`,
        );
});

/** Whether the power, cut right behind an acknowledgement, takes a row. Not behind each: a log that is grown ahead is synced meanwhile. */
const losesAnAcknowledgedRow = (ops: readonly WriteOp[]): boolean =>
  ops.some((op, at) => op.kind === 'A' && survivors(ops, at + 1, () => 'drop') !== 'all');

test('the power-cut rig can fail: without syncs, acknowledged rows are lost', () => {
  const ops = record('off', 'OFF', 60, 180, 0);
  assert.ok(losesAnAcknowledgedRow(ops));
  const seen = randomCuts(ops, 30, 3);
  assert.ok(seen.lost + seen.unusable > 20, JSON.stringify(seen));
});

test('the power-cut rig can fail: with synchronous NORMAL, acknowledged rows are lost', () => {
  const ops = record('normal', 'NORMAL', 60, 180, 0);
  assert.ok(losesAnAcknowledgedRow(ops));
});
