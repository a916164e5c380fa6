// Real processes that lose calls, their life or their ownership while they append.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteJournal } from '../../src/durable/engines/index.ts';
import { SESSION, checkedRowCount, rowOf } from './rows.ts';
import { compileShim, shimEnvironment, type Failure } from './shim.ts';
import { readWriteLog } from './write-log.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'resprout-failures-')));
const library = compileShim(place);
after(() => rmSync(place, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(place, `run-${folders++}`);
const WRITER = join(import.meta.dirname, 'writer.ts');

/** A process for each of many cases. */
const LONG = { timeout: 600_000 };

interface Run {
  readonly status: number | null;
  readonly stderr: string;
  readonly lastAck: number;
}

function write(folder: string, rows: number, failure?: Failure, log?: string): Run {
  const env = failure === undefined ? {} : shimEnvironment({ library, folder, failure, ...(log === undefined ? {} : { log }) });
  const run = spawnSync(process.execPath, [WRITER, folder, String(rows), 'own', '180', '0'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status: run.status, stderr: run.stderr, lastAck: lastAckOf(run.stdout) };
}

function lastAckOf(stdout: string): number {
  const lines = stdout.split('\n').filter((line) => /^A\d+$/.test(line));
  return lines.length === 0 ? -1 : Number(lines.at(-1)?.slice(1));
}

test('append() that fails at the n-th sync or write ends with STORE_IO, and the next open has every acknowledged row', LONG, () => {
  let failed = 0;
  for (const call of ['fsync', 'write'] as const)
    for (const error of ['EIO', 'ENOSPC'] as const)
      for (let nth = 1; nth <= 4; nth++) {
        const folder = newFolder();
        const run = write(folder, 8, { call, nth, error, file: '-wal', afterAck: true });
        assert.equal(run.status, 4, run.stderr);
        assert.match(run.stderr, /STORE_IO/);
        failed++;
        const rows = checkedRowCount(folder);
        // The failed append is an unknown one: it may be there, once; nothing after it may.
        assert.ok(
          rows === run.lastAck + 1 || rows === run.lastAck + 2,
          `${call} ${nth} ${error}: ${rows} rows, last answer ${run.lastAck}`,
        );
        const again = write(folder, 3);
        assert.equal(again.status, 0, again.stderr);
        assert.equal(checkedRowCount(folder), rows + 3);
      }
  assert.equal(failed, 16);
});

test('append() goes on when its log cannot be grown ahead, with every row on disk', LONG, () => {
  for (const error of ['EIO', 'ENOSPC'] as const)
    for (const nth of [1, 3]) {
      const folder = newFolder();
      const log = `${folder}.log`;
      const run = write(folder, 200, { call: 'grow', nth, error, file: '-wal' }, log);
      assert.equal(run.status, 0, run.stderr);
      const growths = readWriteLog(log).filter((op) => op.kind === 'W' && op.name.endsWith('-wal') && op.bytes.length >= 16_384);
      assert.equal(growths.length, nth - 1, 'the failed one is the last');
      assert.equal(run.lastAck, 199);
      assert.equal(checkedRowCount(folder), 200);
    }
});

test('append() ends with STORE_IO when the sync of a log that was grown ahead fails, with every acknowledged row on disk', LONG, () => {
  for (let nth = 1; nth <= 3; nth++) {
    const folder = newFolder();
    const run = write(folder, 4000, { call: 'grow-sync', nth, error: 'EIO', file: '-wal' });
    assert.equal(run.status, 4, run.stderr);
    assert.match(run.stderr, /STORE_IO/);
    assert.equal(checkedRowCount(folder), run.lastAck + 1);
  }
});

test('openSqliteJournal() copies the journal to its next generation when its log cannot be moved, and later opens find it', async () => {
  const folder = newFolder();
  await killAfter(folder, 20);
  const rows = checkedRowCountOfCrashed(folder);
  const run = write(folder, 5, { call: 'write', nth: 1, onwards: true, error: 'EIO', file: 'journal-1.db' });
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stderr, /generation 2/);
  assert.equal(readFileSync(join(folder, 'CURRENT'), 'utf8'), '2\n');
  assert.equal(run.lastAck, rows + 4);
  assert.equal(checkedRowCount(folder), rows + 5);
  const next = openSqliteJournal({ folder });
  assert.equal(next.generation, 2);
  next.close();
});

test('openSqliteJournal() changes nothing when the next generation cannot be written either', async () => {
  const folder = newFolder();
  await killAfter(folder, 20);
  const rows = checkedRowCountOfCrashed(folder);
  const run = write(folder, 5, { call: 'write', nth: 1, onwards: true, error: 'EIO', file: '.db' });
  assert.equal(run.status, 4, run.stderr);
  assert.match(run.stderr, /STORE_IO/);
  assert.equal(existsSync(join(folder, 'CURRENT')), false);
  assert.ok(checkedRowCount(folder) >= rows);
});

/** Rows of a journal whose owner was killed, without opening it as an owner, which would empty its log. */
function checkedRowCountOfCrashed(folder: string): number {
  assert.ok(existsSync(join(folder, 'journal-1.db-wal')));
  const run = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openJournalReader } from ${JSON.stringify(new URL('../../src/durable/engines/index.ts', import.meta.url).href)};
       const reader = openJournalReader({ folder: ${JSON.stringify(folder)} });
       console.log(reader.count(${JSON.stringify(SESSION)}));
       process.kill(process.pid, 'SIGKILL');`,
    ],
    { encoding: 'utf8' },
  );
  return Number(run.stdout);
}

function startWriter(folder: string): { readonly child: ChildProcess; acks(): number; until(ack: number): Promise<void> } {
  const child = spawn(process.execPath, [WRITER, folder, '1000000', 'own', '180', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text = text.slice(-100) + piece));
  const acks = (): number => lastAckOf(text);
  return {
    child,
    acks,
    async until(ack) {
      while (acks() < ack) await once(child.stdout ?? child, 'data', { signal: AbortSignal.timeout(60_000) });
    },
  };
}

async function killAfter(folder: string, moreRows: number, from = 0): Promise<number> {
  const writer = startWriter(folder);
  const closed = once(writer.child, 'close');
  await writer.until(from + moreRows);
  writer.child.kill('SIGKILL');
  await closed;
  return writer.acks();
}

test('append() keeps every acknowledged row through 12 kills of its process', LONG, async () => {
  const folder = newFolder();
  let rows = 0;
  for (let round = 0; round < 12; round++) {
    const lastAck = await killAfter(folder, 1 + ((round * 7) % 30), rows);
    const found = checkedRowCount(folder);
    assert.ok(found >= lastAck + 1 && found <= lastAck + 2, `round ${round}: ${found} rows, last answer ${lastAck}`);
    rows = found;
  }
});

test('openSqliteJournal() in a second process fences a live owner, whose rows are all there', async () => {
  const folder = newFolder();
  const writer = startWriter(folder);
  const closed = once(writer.child, 'close') as Promise<[number | null]>;
  await writer.until(30);
  const journal = openSqliteJournal({ folder });
  const [code] = await closed;
  assert.equal(code, 4);
  const next = journal.nextSeq(SESSION);
  assert.equal(next, writer.acks() + 1);
  journal.append([rowOf(next)]);
  journal.close();
  assert.equal(checkedRowCount(folder), next + 1);
});
