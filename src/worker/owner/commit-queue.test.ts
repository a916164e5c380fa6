import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResproutError } from '../../base/errors/errors.ts';
import { MemoryJournal } from '../../durable/engines/index.ts';
import type { JournalStore, SpaceLack } from '../../durable/journal/journal-store.ts';
import { encodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import { BARRIER_FLAG, SHOWN_FLAG, readCounters, rowFrame } from '../../durable/journal/runner/runner-frames.ts';
import { FrameReader } from '../../wire/frames/frame-reader.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { CommitQueue } from './commit-queue.ts';
import { SpaceWait } from './space-wait.ts';

const SESSION = 'ses_one';
const NAMES = new Map<number, string>([
  [HANDLE.COMMITTED, 'COMMITTED'],
  [HANDLE.DURABLE, 'DURABLE'],
]);
const HEADER_BYTES = 26;
const event = encodeRowBytes([{ t: 'cancel', atMs: 1 }]);

function payload(n: number, rows: { session?: string; firstSeq: number; count?: number; bytes?: Uint8Array }[], flags = 0): Uint8Array {
  const whole = rows.map(({ session = SESSION, firstSeq, count = 1, bytes = event }) => ({ session, firstSeq, count, bytes }));
  return rowFrame(HANDLE.APPEND, { n, flags, rows: whole }).subarray(HEADER_BYTES);
}

function make(journal = new MemoryJournal(), store: JournalStore = journal) {
  const clock = new ManualClock();
  const told: string[] = [];
  const turns: (() => void)[] = [];
  const answers: string[] = [];
  const failures: ResproutError[] = [];
  const note = (channel: string) => (bytes: Uint8Array) => {
    for (const frame of new FrameReader().push(bytes))
      answers.push(`${channel} ${NAMES.get(frame.handle) ?? '?'} ${readCounters(frame.payload).n}`);
  };
  const queue = new CommitQueue({
    store,
    turn: { next: (run) => void turns.push(run) },
    space: new SpaceWait(clock, { on: (event) => void told.push(event.type) }),
    session: SESSION,
    showFirst: () => void answers.push(`shown at ${stored()}`),
    toMain: note('main'),
    toBarrier: note('barrier'),
    onCommitted: () => {},
    onFailed: (error) => void failures.push(error),
  });
  /** One turn of the event loop, with all promises that settle in it. */
  const turn = async (): Promise<void> => {
    for (const run of turns.splice(0)) run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const stored = (): number => [...journal.stored(SESSION)].reduce((total, row) => total + row.count, 0);
  return { queue, turn, answers, failures, journal, stored, clock, told };
}

/** A journal whose disk is full while `isFull`. */
function crampedJournal(): { readonly memory: MemoryJournal; readonly journal: JournalStore; isFull: boolean } {
  const memory = new MemoryJournal();
  const cramped = { isFull: true };
  const lacksFor = (): SpaceLack | undefined => (cramped.isFull ? { freeBytes: 1, neededBytes: 2 } : undefined);
  const journal: JournalStore = {
    epoch: memory.epoch,
    lacksFor,
    append: (rows) => (cramped.isFull ? assert.fail('nothing may be written') : memory.append(rows)),
    rows: (session) => memory.rows(session),
    sessions: () => memory.sessions(),
    close: () => memory.close(),
  };
  return Object.assign(cramped, { memory, journal });
}

/** Lets time pass in steps, with all promises that settle in between. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 200) {
    clock.advance(200);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('CommitQueue', () => {
  it('CommitQueue waits for space, tells it at once, and commits everything that came meanwhile in order', async () => {
    const cramped = crampedJournal();
    const { queue, turn, answers, clock, told, stored, failures } = make(cramped.memory, cramped.journal);
    queue.take(payload(1, [{ firstSeq: 0 }]));
    await turn();
    assert.deepEqual([told, answers], [['space-awaited'], []]);
    queue.take(payload(2, [{ firstSeq: 1 }]));
    await turn();
    await pass(clock, 30_000);
    assert.deepEqual([told, answers], [['space-awaited'], []]);
    cramped.isFull = false;
    await pass(clock, 200);
    assert.deepEqual([told, answers, stored(), failures], [['space-awaited', 'space-found'], ['main COMMITTED 2'], 2, []]);
  });

  it('CommitQueue gives up with STORE_IO after a minute without space', async () => {
    const cramped = crampedJournal();
    const { queue, turn, answers, clock, failures } = make(cramped.memory, cramped.journal);
    queue.take(payload(1, [{ firstSeq: 0 }]));
    await turn();
    await pass(clock, 61_000);
    assert.deepEqual([failures.map(({ code }) => code), answers, clock.waitingCount], [['STORE_IO'], [], 0]);
  });

  it('CommitQueue drops what was not answered when the runner has ended and there is no space', async () => {
    const cramped = crampedJournal();
    const { queue, turn, answers, clock, failures, stored } = make(cramped.memory, cramped.journal);
    queue.take(payload(1, [{ firstSeq: 0 }]));
    await turn();
    const drained = queue.drain();
    await pass(clock, 400);
    await drained;
    cramped.isFull = false;
    await pass(clock, 1000);
    assert.deepEqual([failures, answers, stored()], [[], [], 0]);
  });

  it('CommitQueue answers nobody before the commit, and everybody of a turn with one answer', async () => {
    const { queue, turn, answers, stored } = make();
    queue.take(payload(1, [{ firstSeq: 0 }]));
    queue.take(payload(2, [{ firstSeq: 1 }]));
    queue.take(payload(3, [{ firstSeq: 2 }]));
    assert.deepEqual([answers, stored()], [[], 0]);
    await turn();
    assert.deepEqual([answers, stored()], [['main COMMITTED 3'], 3]);
  });

  it('CommitQueue answers a barrier where it waits, also an empty one', async () => {
    const { queue, turn, answers } = make();
    queue.take(payload(1, [{ firstSeq: 0 }], BARRIER_FLAG));
    queue.take(payload(2, [{ firstSeq: 1 }]));
    await turn();
    queue.take(payload(3, [], BARRIER_FLAG));
    await turn();
    assert.deepEqual(answers, ['barrier DURABLE 1', 'main COMMITTED 2', 'barrier DURABLE 3']);
  });

  it('CommitQueue lets what was printed before rows be handed on before it commits them', async () => {
    const { queue, turn, answers } = make();
    queue.take(payload(1, [{ firstSeq: 0 }]));
    await turn();
    queue.take(payload(2, [{ firstSeq: 1 }], SHOWN_FLAG | BARRIER_FLAG));
    await turn();
    assert.deepEqual(answers, ['main COMMITTED 1', 'shown at 1', 'barrier DURABLE 2']);
  });

  for (const [name, wrong] of [
    ['a frame number twice', payload(1, [{ firstSeq: 1 }])],
    ['a frame number left out', payload(3, [{ firstSeq: 1 }])],
    ['a row of another session', payload(2, [{ session: 'ses_two', firstSeq: 0 }])],
    ['a payload that ends early', payload(2, [{ firstSeq: 1 }]).subarray(0, 20)],
    ['more events than bytes', payload(2, [{ firstSeq: 1, count: 500 }])],
    ['more events than the row has', payload(2, [{ firstSeq: 1, count: 2 }])],
    ['fewer events than the row has', payload(2, [{ firstSeq: 1, bytes: new Uint8Array([...event, ...event]) }])],
    ['bytes that are no event', payload(2, [{ firstSeq: 1, bytes: new Uint8Array(event.length).fill(255) }])],
  ] as const) {
    it(`CommitQueue refuses ${name}`, async () => {
      const { queue, turn, answers, stored } = make();
      queue.take(payload(1, [{ firstSeq: 0 }]));
      assert.throws(() => queue.take(wrong), { code: 'WIRE_BAD_FRAME' });
      await turn();
      assert.deepEqual([answers, stored()], [['main COMMITTED 1'], 1]);
    });
  }

  it('CommitQueue writes nothing of a transaction with a row that is not the next one, and is dead then', async () => {
    const { queue, turn, answers, failures, stored } = make();
    queue.take(payload(1, [{ firstSeq: 0 }, { firstSeq: 5 }]));
    await turn();
    queue.take(payload(2, [{ firstSeq: 0 }]));
    await turn();
    await queue.drain();
    assert.deepEqual([answers, stored(), failures.map((error) => error.code)], [[], 0, ['JOURNAL_CORRUPT']]);
  });

  it('CommitQueue says once that another owner has taken over', async () => {
    const journal = new MemoryJournal();
    const { queue, turn, answers, failures } = make(journal);
    journal.takeOver();
    queue.take(payload(1, [{ firstSeq: 0 }], BARRIER_FLAG));
    await turn();
    assert.deepEqual([answers, failures.map((error) => error.code)], [[], ['SESSION_FENCED']]);
  });
  it('CommitQueue has one commit under way, and what arrives meanwhile is one transaction after it', async () => {
    const journal = new MemoryJournal();
    const slow = slowStore(journal);
    const { queue, turn, answers } = make(journal, slow.store);
    queue.take(payload(1, [{ firstSeq: 0 }]));
    await turn();
    queue.take(payload(2, [{ firstSeq: 1 }]));
    await turn();
    queue.take(payload(3, [{ firstSeq: 2 }], BARRIER_FLAG));
    await turn();
    assert.deepEqual([slow.commits, answers], [[[0]], []]);
    slow.finish();
    await turn();
    assert.deepEqual([slow.commits, answers], [[[0], [1, 2]], ['main COMMITTED 1']]);
    slow.finish();
    await turn();
    assert.deepEqual(answers, ['main COMMITTED 1', 'barrier DURABLE 3']);
    queue.take(payload(4, [{ firstSeq: 3 }]));
    await turn();
    assert.deepEqual(slow.commits, [[0], [1, 2], [3]]);
    slow.finish();
  });

  it('CommitQueue has drained when all that waits is answered, also behind a commit that is under way', async () => {
    const journal = new MemoryJournal();
    const slow = slowStore(journal);
    const { queue, turn, answers } = make(journal, slow.store);
    queue.take(payload(1, [{ firstSeq: 0 }]));
    await turn();
    queue.take(payload(2, [{ firstSeq: 1 }]));
    let isDrained = false;
    const drained = queue.drain().then(() => (isDrained = true));
    slow.finish();
    await turn();
    assert.deepEqual([isDrained, answers], [false, ['main COMMITTED 1']]);
    slow.finish();
    await drained;
    assert.deepEqual(answers, ['main COMMITTED 1', 'main COMMITTED 2']);
  });

  it('CommitQueue answers nobody after a commit that failed while others waited, and none of theirs is begun', async () => {
    const journal = new MemoryJournal();
    const slow = slowStore(journal);
    const { queue, turn, answers, failures } = make(journal, slow.store);
    queue.take(payload(1, [{ firstSeq: 0 }]));
    await turn();
    queue.take(payload(2, [{ firstSeq: 1 }]));
    slow.finish(new Error('the connection is gone'));
    await turn();
    assert.deepEqual([answers, slow.commits, failures.map((error) => error.code)], [[], [[0]], ['STORE_IO']]);
  });
});

/** A store whose commits end when they are told to. */
function slowStore(journal: MemoryJournal) {
  const commits: number[][] = [];
  let end: PromiseWithResolvers<void> | undefined;
  const store: JournalStore = {
    epoch: journal.epoch,
    async append(rows) {
      assert.equal(end, undefined, 'a commit is under way');
      commits.push(rows.map((row) => row.firstSeq));
      end = Promise.withResolvers();
      await end.promise;
      await journal.append(rows);
    },
    rows: (session) => journal.rows(session),
    sessions: () => journal.sessions(),
    close: () => journal.close(),
  };
  const finish = (error?: Error): void => {
    const ending = end;
    end = undefined;
    if (error === undefined) ending?.resolve();
    else ending?.reject(error);
  };
  return { store, commits, finish };
}
