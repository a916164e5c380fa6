// process model 4: EIO and ENOSPC at commit 1 to 50, for a program of asynchronous and one of synchronous steps.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openSqliteJournal } from '../../src/durable/engines/index.ts';
import { listSessions, openStore, readSession } from '../../src/worker.ts';
import { ownHere, type Session } from '../builds-calls/support/owned-here.ts';
import { compileShim, shimEnvironment, type Failure } from '../power-cut/shim.ts';
import { needs } from '../support/needs.ts';
import type { FailedRun, FailingOrder } from './support/failing-owner.ts';
import { SESSION } from './support/sessions.ts';

const place = realpathSync(mkdtempSync(path.join(tmpdir(), 'resprout-disk-')));
after(() => rmSync(place, { recursive: true, force: true }));

const STEPS = 60;
const COMMITS = 50;
/** At most so many commits belong to the open and to the start event: without them there is no session. */
const OPENING = 8;
const program = path.join(import.meta.dirname, 'programs/phases.ts');

/** Commit `k` fails: the sync says EIO, or the first write says that the disk is full. Each error and each kind of step has every second `k`. */
function orderOf(k: number, kind: 'steps sync' | 'steps async', error: Failure['error']): FailingOrder {
  const storeFolder = path.join(place, `${kind.replace(' ', '-')}-${error}-${k}`);
  const failure = { call: error === 'EIO' ? 'fsync' : 'commit', nth: k, error, file: '-wal' } as const;
  return { session: { file: program, sessionId: SESSION, data: { kind, file: `${storeFolder}.txt`, count: STEPS }, storeFolder }, failure };
}

async function runAll(library: string, name: string, orders: readonly FailingOrder[]): Promise<readonly FailedRun[]> {
  const file = path.join(place, `${name}.json`);
  writeFileSync(file, JSON.stringify(orders));
  const env = { ...process.env, ...shimEnvironment({ library, folder: place }) };
  const owner = path.join(import.meta.dirname, 'support/failing-owner.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [owner, file], { env, maxBuffer: 1 << 26 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as FailedRun);
}

/** The next open; gives how many steps are recorded, undefined when there is no session. */
async function stepsIn({ storeFolder }: Session): Promise<number | undefined> {
  openSqliteJournal({ folder: path.join(storeFolder, 'runs', SESSION) }).close();
  const store = openStore({ folder: storeFolder, create: false });
  if ((await listSessions(store)).length === 0) return undefined;
  const { events } = await readSession(store, SESSION);
  const calls = new Set(events.flatMap((event) => (event.t === 'call' ? [event.id] : [])));
  const ends = events.flatMap((event) => (event.t === 'sync' || (event.t === 'done' && calls.has(event.id)) ? [event.id] : []));
  assert.equal(new Set(ends).size, ends.length, 'no result is there twice');
  return ends.length;
}

describe(
  'a commit that fails',
  { skip: needs('linux', { program: 'cc', debianPackage: 'gcc' }), timeout: 1_200_000, concurrency: 2 },
  () => {
    const library = compileShim(place);
    for (const kind of ['steps async', 'steps sync'] as const) {
      it(
        `a commit that fails ends the owner with 4, and the next open has every step that was seen: commit 1 to ${COMMITS}, ${kind}`,
        { timeout: 1_200_000 },
        async (context) => {
          const orders = Array.from({ length: COMMITS }, (_, i) =>
            orderOf(i + 1, kind, (i % 2 === 0) === (kind === 'steps sync') ? 'EIO' : 'ENOSPC'),
          );
          const runs = await runAll(library, kind, orders);
          assert.equal(runs.length, orders.length);
          let most = 0;
          for (const [i, { code, exitCode, seen }] of runs.entries()) {
            const { session, failure } = orders[i] ?? assert.fail();
            const what = `commit ${failure.nth} ${failure.error}: ${code}, ${seen} seen`;
            assert.deepEqual([code, exitCode], ['STORE_IO', 4], what);
            const recorded = await stepsIn(session);
            if (recorded === undefined) {
              assert.ok(failure.nth <= OPENING && seen === 0, what);
              continue;
            }
            // An asynchronous step is on disk before it is seen; a synchronous one is before the next one is made.
            const least = kind === 'steps async' ? seen : seen - 1;
            assert.ok(recorded >= least, `${what}, ${recorded} recorded`);
            const made = seen === 0 ? 0 : Number(readFileSync(`${session.storeFolder}.txt`, 'utf8'));
            assert.ok(made <= recorded + 1 && recorded <= made + 1, `${what}, ${made} made, ${recorded} recorded`);
            most = Math.max(most, seen);
            if (failure.nth % 10 > 1) continue;
            const again = await ownHere('resume', session);
            assert.deepEqual([again.state, again.value], ['done', STEPS], what);
            assert.equal(await stepsIn(session), STEPS);
          }
          context.diagnostic(`up to ${most} steps before the failure`);
          assert.ok(most > 20, 'the failures were at different places');
        },
      );
    }
  },
);
