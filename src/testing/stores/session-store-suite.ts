// What every store of sessions does: run over a folder and over memory here, over any other store in its own tests.
import assert from 'node:assert/strict';
import type { ContextState } from '../../base/context-state.ts';
import { codeOf } from '../../base/errors/errors.ts';
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import type { OutputPiece } from '../../durable/journal/sessions/output-log.ts';
import type { SessionInfo } from '../../durable/journal/sessions/session-info.ts';
import type { SessionFilter, SessionStore } from '../../durable/journal/sessions/session-store.ts';
import type { Behaviour } from '../connection-method-suite.ts';
import { endOf, idOf, rowOf, startOf } from './rows.ts';

const SITE = { id: 's', file: 'program.ts', line: 1, column: 1 };
const COMMAND = { command: 'a test' };
const CONTEXT: ContextState = {
  id: 1,
  name: 'web-1',
  method: 'ssh',
  via: 0,
  pid: 7,
  node: 'v24.18.0',
  hostname: 'web-1',
  generation: 1,
  calls: 2,
  oldestCallMs: 12,
};
const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    codeOf(error) === code;

/** What its owner leaves behind: claims the session, appends the events to those it has, and lets go. */
async function record(store: SessionStore, id: string, events: readonly JournalEvent[], firstSeq = 0): Promise<void> {
  const claim = await store.claim(id, COMMAND);
  const journal = await store.open(id);
  await journal.append([rowOf(id, firstSeq, events)]);
  await journal.close();
  await claim.release();
}

async function seqsFrom(store: SessionStore, id: string, fromSeq?: number): Promise<number[]> {
  const seqs: number[] = [];
  for await (const row of store.read(id, fromSeq)) seqs.push(row.firstSeq);
  return seqs;
}

async function listOf(store: SessionStore, filter?: SessionFilter): Promise<SessionInfo[]> {
  const infos: SessionInfo[] = [];
  for await (const info of store.list(filter)) infos.push(info);
  return infos;
}

const stateOf = async (store: SessionStore, id: string): Promise<string | undefined> => (await store.info(id))?.state;
const listed = (infos: readonly SessionInfo[]): string[] => infos.map(({ sessionId }) => sessionId);
const call = (id: number, atMs: number): JournalEvent => ({ t: 'call', id, delivered: 0, fn: 'fetch', site: SITE, argsHash: 'h', atMs });
const timer = (id: number, dueMs: number): JournalEvent => ({ t: 'timer', id, delivered: 0, site: SITE, dueMs, atMs: 1 });
const done = (id: number, atMs: number): JournalEvent => ({ t: 'done', id, atMs, outcome: { kind: 'value', bytes: new Uint8Array([0]) } });

/** @param newStore gives a store without sessions */
export function sessionStoreBehaviours(newStore: () => SessionStore): readonly Behaviour[] {
  const [ID, LATER] = [idOf('1'), idOf('2')];
  return [
    {
      title: 'S1: a session that never was is not there, and reading it says so',
      async run() {
        const store = newStore();
        assert.deepEqual([await store.has(ID), await store.ids(), await listOf(store), await store.info(ID)], [false, [], [], undefined]);
        await assert.rejects(seqsFrom(store, ID), hasCode('SESSION_MISSING'));
        assert.equal(await store.request(ID, 'park'), undefined);
        assert.equal(await store.tree(ID), undefined);
      },
    },
    {
      title: 'S2: a session has one owner at a time; another is told who it is, and may take over',
      async run() {
        const store = newStore();
        const claim = await store.claim(ID, { command: 'resprout run first.ts' });
        await assert.rejects(
          store.claim(ID, COMMAND),
          (error) => hasCode('SESSION_HELD')(error) && /first\.ts/.test(JSON.stringify(error)),
        );
        const journal = await store.open(ID);
        await journal.append([rowOf(ID, 0, [startOf(ID, 1)])]);
        const taker = await store.claim(ID, { ...COMMAND, takeOver: true });
        const taken = await store.open(ID);
        await assert.rejects(journal.append([rowOf(ID, 1, [call(0, 2)])]), hasCode('SESSION_FENCED'));
        await taken.append([rowOf(ID, 1, [call(0, 2)])]);
        await journal.close();
        await claim.release();
        assert.equal(await stateOf(store, ID), 'running');
        await assert.rejects(store.claim(ID, COMMAND), hasCode('SESSION_HELD'));
        await taken.close();
        await taker.release();
        await taker.release();
        assert.equal(await stateOf(store, ID), 'interrupted');
        await (await store.claim(ID, COMMAND)).release();
      },
    },
    {
      title: 'S3: a request reaches the owner, also one that came before it listened, and is over when the owner lets go',
      async run() {
        const store = newStore();
        const claim = await store.claim(ID, COMMAND);
        const asked: string[] = [];
        const early = await store.request(ID, 'cancel');
        assert.deepEqual((await store.tree(ID))?.contexts, []);
        claim.attach({
          park: () => void asked.push('park'),
          cancel: () => void asked.push('cancel'),
          tree: () => Promise.resolve([CONTEXT]),
        });
        assert.deepEqual(await store.tree(ID).then((tree) => [tree?.owner.command, tree?.contexts]), ['a test', [CONTEXT]]);
        const late = await store.request(ID, 'park');
        assert.deepEqual([early?.info.command, late?.info.command], ['a test', 'a test']);
        await claim.release();
        await early?.gone;
        await late?.gone;
        assert.deepEqual(asked, ['cancel', 'park']);
        assert.equal(await store.request(ID, 'park'), undefined);
      },
    },
    {
      title: 'S4: a list says what a session is: running, interrupted, parked, waiting till when, and how it ended',
      async run() {
        const store = newStore();
        const claim = await store.claim(ID, COMMAND);
        const journal = await store.open(ID);
        assert.deepEqual(await listOf(store), [], 'before its start it is no session');
        await journal.append([rowOf(ID, 0, [startOf(ID, 10), call(0, 20), timer(1, 9000)])]);
        const running = await store.info(ID);
        assert.equal(running?.state, 'running');
        assert.equal(running?.owner?.command, 'a test');
        await journal.close();
        await claim.release();
        const cut = await store.info(ID);
        const { file, exportName, folder, build, startedMs, lastMs, events } = { ...cut };
        assert.deepEqual(
          [cut?.state, file, exportName, folder, build, startedMs, lastMs, events],
          ['interrupted', '/project/program.ts', 'main', '/project', 'b-one', 10, 1, 3],
        );
        assert.equal(cut?.owner, undefined);
        const again = await store.claim(ID, COMMAND);
        const next = await store.open(ID);
        await store.setParked(ID, { parkedMs: 25, why: 'signal' });
        await next.append([rowOf(ID, 3, [done(0, 30), { t: 'build', build: 'b-two', atMs: 31 }])]);
        await store.setParked(ID, { parkedMs: 32, why: 'timer', dueMs: 9000 });
        await next.close();
        await again.release();
        const waiting = await store.info(ID);
        assert.deepEqual([waiting?.state, waiting?.dueMs, waiting?.build, waiting?.events], ['waiting', 9000, 'b-two', 5]);
        const last = await store.claim(ID, COMMAND);
        const end = await store.open(ID);
        await store.setParked(ID, undefined);
        await end.append([rowOf(ID, 5, [endOf('failed', 40)])]);
        await end.close();
        await last.release();
        const failed = await store.info(ID);
        assert.deepEqual([failed?.state, failed?.summary, failed?.lastMs], ['failed', 'TypeError: first line', 40]);
        assert.deepEqual(await listOf(store), [failed]);
      },
    },
    {
      title: 'S5: lists have the newest first, those in the states that are wanted, so many at most; ids are found by their beginning',
      async run() {
        const store = newStore();
        for (const [end, how] of [
          ['3', 'done'],
          ['1', 'failed'],
          ['2', 'done'],
        ] as const)
          await record(store, idOf(end), [startOf(idOf(end), Number(end)), endOf(how, 9)]);
        await record(store, idOf('a4'), [startOf(idOf('a4'), 4)]);
        const ids = ['a4', '3', '2', '1'].map(idOf);
        assert.deepEqual([listed(await listOf(store)), await store.ids()], [ids, ids]);
        assert.deepEqual(listed(await listOf(store, { limit: 2 })), ids.slice(0, 2));
        assert.deepEqual(listed(await listOf(store, { states: ['done'] })), ids.slice(1, 3));
        assert.deepEqual(listed(await listOf(store, { states: ['failed', 'interrupted'], limit: 1 })), ids.slice(0, 1));
        assert.deepEqual(await store.ids(idOf('a4').slice(0, 29)), ids.slice(0, 1));
        assert.deepEqual(await store.ids('ses_z'), []);
      },
    },
    {
      title: 'S6: rows are read from the one that holds an event on, while the owner writes',
      async run() {
        const store = newStore();
        const claim = await store.claim(ID, COMMAND);
        const journal = await store.open(ID);
        await journal.append([rowOf(ID, 0, [startOf(ID, 1)])]);
        await journal.append([rowOf(ID, 1, [call(0, 2), call(1, 3)])]);
        await journal.append([rowOf(ID, 3, [done(0, 4)])]);
        assert.deepEqual(await seqsFrom(store, ID), [0, 1, 3]);
        assert.deepEqual(await seqsFrom(store, ID, 1), [1, 3]);
        assert.deepEqual(await seqsFrom(store, ID, 2), [1, 3]);
        assert.deepEqual(await seqsFrom(store, ID, 3), [3]);
        assert.deepEqual(await seqsFrom(store, ID, 4), []);
        await journal.append([rowOf(ID, 4, [done(1, 5)])]);
        assert.deepEqual(await seqsFrom(store, ID, 4), [4]);
        await journal.close();
        await claim.release();
      },
    },
    {
      title: 'S7: a journal that is none is damaged, in a line of its own beside the others',
      async run() {
        const store = newStore();
        await record(store, ID, [startOf(ID, 1), endOf('done', 2)]);
        await record(store, LATER, [call(0, 1)]);
        const infos = await listOf(store);
        assert.deepEqual(
          new Set(infos.map(({ sessionId, state }) => `${sessionId} ${state}`)),
          new Set([`${LATER} damaged`, `${ID} done`]),
        );
        assert.notEqual(infos.find(({ state }) => state === 'damaged')?.summary, undefined);
      },
    },
    {
      title: 'S8: what was cut off before its first event has an id and no line',
      async run() {
        const store = newStore();
        await (await store.claim(ID, COMMAND)).release();
        const claim = await store.claim(LATER, COMMAND);
        await (await store.open(LATER)).close();
        await claim.release();
        assert.deepEqual([await listOf(store), await store.ids(), await store.has(ID)], [[], [LATER, ID], true]);
      },
    },
    {
      title: 'S9: a session that was removed leaves nothing, and its id may be used again',
      async run() {
        const store = newStore();
        await record(store, ID, [startOf(ID, 1), endOf('done', 2)]);
        await record(store, LATER, [startOf(LATER, 3)]);
        const claim = await store.claim(ID, COMMAND);
        await store.remove(ID);
        await claim.release();
        assert.deepEqual([await store.has(ID), await store.ids(), listed(await listOf(store))], [false, [LATER], [LATER]]);
        await assert.rejects(seqsFrom(store, ID), hasCode('SESSION_MISSING'));
        await record(store, ID, [startOf(ID, 4)]);
        assert.equal((await store.info(ID))?.events, 1);
      },
    },
    {
      title: 'S10: what a session prints is kept in its order, read as it comes, and goes with the session',
      async run() {
        const store = newStore();
        const claim = await store.claim(ID, COMMAND);
        const reader = store.readOutput(ID);
        assert.deepEqual(await reader.next(), []);
        const log = store.keepOutput(ID);
        log.write({ atMs: 1, from: { stream: 'stdout' }, bytes: Uint8Array.of(0xff, 10) });
        log.write({ atMs: 2, from: { context: 'web-1' }, bytes: Uint8Array.of(65) });
        const plain = (pieces: readonly OutputPiece[]): unknown[] => pieces.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] }));
        assert.deepEqual(plain(await reader.next()), [
          { atMs: 1, from: { stream: 'stdout' }, bytes: [0xff, 10] },
          { atMs: 2, from: { context: 'web-1' }, bytes: [65] },
        ]);
        assert.deepEqual(await reader.next(), []);
        log.write({ atMs: 3, from: { stream: 'stderr' }, bytes: Uint8Array.of(66) });
        await log.close();
        assert.equal(log.problem, undefined);
        assert.equal((await reader.next()).length, 1);
        await reader.close();
        await store.remove(ID);
        await claim.release();
        const later = store.readOutput(ID);
        assert.deepEqual(await later.next(), []);
        await later.close();
      },
    },
    {
      title: 'S11: a session that is brought is there whole or not at all, is owned by nobody then, and is known to come from elsewhere',
      async run() {
        const store = newStore();
        const rows = [rowOf(ID, 0, [startOf(ID, 1)]), rowOf(ID, 1, [call(0, 2), done(0, 3)])];
        const given = async function* (end?: Error): AsyncGenerator<JournalRow> {
          yield* rows;
          if (end !== undefined) throw end;
        };
        await assert.rejects(store.bring(ID, given(new RangeError('cut off')), COMMAND), RangeError);
        await assert.rejects(store.bring(ID, gap(rows), COMMAND), hasCode('JOURNAL_CORRUPT'));
        assert.deepEqual([await store.has(ID), await store.ids(), await listOf(store)], [false, [], []]);
        const [slow, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        const bringing = store.bring(ID, later(begun.resolve, slow.promise, rows), { command: 'a slow import' });
        await begun.promise;
        assert.deepEqual([await store.info(ID), await listOf(store)], [undefined, []], 'nobody sees a part of it');
        await assert.rejects(store.bring(ID, given(), COMMAND), hasCode('SESSION_HELD'));
        slow.resolve();
        assert.equal(await bringing, true);
        assert.deepEqual(await seqsFrom(store, ID), [0, 1]);
        assert.deepEqual([await stateOf(store, ID), await store.isBrought(ID)], ['interrupted', true]);
        assert.equal(await store.bring(ID, given(), COMMAND), false, 'the same again changes nothing');
        await record(store, ID, [endOf('done', 4)], 3);
        assert.equal(await stateOf(store, ID), 'done');
        await assert.rejects(store.bring(ID, given(), COMMAND), hasCode('IMPORT_CONFLICT'));
        assert.equal((await store.info(ID))?.events, 4);
        await record(store, LATER, [startOf(LATER, 3)]);
        assert.equal(await store.isBrought(LATER), false);
        await store.setBrought(LATER);
        assert.equal(await store.isBrought(LATER), true);
      },
    },
  ];
}

/** Rows of which one is missing. */
async function* gap([first]: readonly JournalRow[]): AsyncGenerator<JournalRow> {
  if (first !== undefined) yield first;
  if (first !== undefined) yield { ...first, firstSeq: 2 };
}

async function* later(begun: () => void, promise: Promise<void>, [first, ...rest]: readonly JournalRow[]): AsyncGenerator<JournalRow> {
  if (first !== undefined) yield first;
  begun();
  await promise;
  yield* rest;
}
