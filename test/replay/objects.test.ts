// The way of effects and events of objects, with a sink that answers by hand and real sessions around it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { deferred } from '../../src/base/deferred.ts';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import type { Conversation } from '../../src/durable/replay/objects/conversation.ts';
import type { LocalHalf } from '../../src/durable/replay/objects/local-half.ts';
import type { Session } from '../../src/durable/replay/session/session-api.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { until } from '../support/until.ts';
import { program, start, type Program } from './support/program.ts';
import { realm } from './support/realm.ts';

/** What happened, in order, to the half outside and to the program's half. */
interface Seen {
  readonly outside: string[];
  readonly inside: string[];
}

const scopeOf = (): string => realm.context.current()?.kind ?? 'none';

/** An object of the session that notes everything. */
function open(session: Session, seen: Seen, more: Partial<LocalHalf> = {}): Conversation {
  const half: LocalHalf = {
    take: (name, value) => {
      seen.inside.push(`${name} ${String(value)} ${scopeOf()}`);
    },
    wake: () => {
      seen.outside.push(`wake ${scopeOf()}`);
      return undefined;
    },
    ...more,
  };
  return session.world.conversation({ half, shown: 'test object' });
}

const MAIN = `export default async function main({ data }) { return await data.act(); }`;

async function withSession(
  act: (session: Session) => Promise<unknown>,
  history?: readonly JournalEvent[],
  id = 'ses_obj',
): Promise<Started> {
  const built = await program(MAIN);
  let session: Session | undefined;
  const run = async (): Promise<unknown> => (session === undefined ? undefined : await act(session));
  // Called as code of the program, not recorded as a call.
  realm.kinds.mark(run, 'language');
  const started = start(built, {
    id,
    ...(history === undefined ? {} : { history }),
    data: { act: run },
    onSession: (made) => {
      session = made;
    },
  });
  return { ...started, built };
}
type Started = ReturnType<typeof start> & { readonly built: Program };

/** Waits for the end. What the program found wrong is thrown. */
async function ended({ done, session, built }: Started): Promise<void> {
  const outcome = await done;
  session.close();
  built[Symbol.dispose]();
  if (outcome.how !== 'done') throw outcome.error;
}

test('an effect of an object leaves after the commit that holds it, outside of the session, and effects keep their order', async () => {
  const seen: Seen = { outside: [], inside: [] };
  const hold = deferred<void>();
  const started = await withSession(async (running) => {
    const one = open(running, seen);
    one.open('test.open', [], () => seen.outside.push(`open ${scopeOf()}`));
    one.effect('write', 3, () => seen.outside.push(`write ${scopeOf()}`));
    one.effect('end', 0, () => seen.outside.push(`end ${scopeOf()}`));
    assert.deepEqual(seen.outside, [], 'left before its commit');
    await hold.promise;
  });
  await until('the effects', () => seen.outside.length === 3);
  assert.deepEqual(seen.outside, ['open activity', 'write activity', 'end activity']);
  assert.deepEqual(
    started.sink.events.map((event) => event.t),
    ['start', 'open', 'effect', 'effect'],
  );
  hold.resolve();
  await ended(started);
});

test('a synchronous effect of the program waits until every earlier effect of an object has left', async () => {
  const seen: Seen = { outside: [], inside: [] };
  const started = await withSession(async (running) => {
    const one = open(running, seen);
    one.open('test.open', [], () => seen.outside.push('open'));
    one.effect('write', 3, () => seen.outside.push('write'));
    running.world.callSync('test.effect', [], true, () => seen.outside.push('sync'));
    await Promise.resolve();
  });
  await ended(started);
  assert.deepEqual(seen.outside, ['open', 'write', 'sync']);
});

test('what is known of an object at once is a result: a synchronous effect after it waits for the disk', async () => {
  const started = await withSession(async (running) => {
    const one = open(running, { outside: [], inside: [] });
    assert.equal(
      one.openNow('test.open', [], () => 'facts'),
      'facts',
    );
    running.world.callSync('test.effect', [], true, () => undefined);
    await Promise.resolve();
  });
  await ended(started);
  assert.equal(started.sink.barriers, 1);
});

test('work that is done again on a replay is given at its recorded place, whether it is ready sooner or later', async () => {
  // Behind both timers, however slow this machine is; at once; and long after its place.
  for (const [first, again] of [
    ['last', 0],
    [0, 300],
  ] as const) {
    const act = async (running: Session, ready: number | 'last', seen: string[]): Promise<void> => {
      const given = deferred<void>();
      const late: (() => void)[] = [];
      running.world.hop<string>(
        (done) => {
          if (ready === 'last') late.push(() => done('work'));
          else realClock.after(ready, () => done('work'));
        },
        (value) => {
          seen.push(value);
          given.resolve();
        },
      );
      for (const name of ['one', 'two']) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        seen.push(name);
      }
      for (const end of late) end();
      await given.promise;
    };
    const [recorded, replayed]: [string[], string[]] = [[], []];
    const id = `ses_hop${String(first)}`;
    const started = await withSession(async (running) => await act(running, first, recorded), undefined, id);
    await ended(started);
    assert.deepEqual(recorded, first === 'last' ? ['one', 'two', 'work'] : ['work', 'one', 'two']);
    await ended(await withSession(async (running) => await act(running, again, replayed), started.sink.events, id));
    assert.deepEqual(replayed, recorded);
  }
});

test('an event of an object is given to the program in its scope, after its commit; bytes that arrive together are one event', async () => {
  const seen: Seen = { outside: [], inside: [] };
  const started = await withSession(async (running) => {
    const over = deferred<void>();
    const one = open(running, seen, {
      take: (name, value) => {
        seen.inside.push(`${name} ${String(value)} ${scopeOf()}`);
        if (name === 'end') over.resolve();
      },
    });
    one.open('test.open', [], () => {
      one.arriveData('data', Buffer.from('a'));
      one.arriveData('data', Buffer.from('b'));
      one.arrive('end');
    });
    await over.promise;
  });
  await ended(started);
  assert.deepEqual(seen.inside, ['data ab session', 'end undefined session']);
  assert.equal(started.sink.events.filter((event) => event.t === 'event').length, 2);
});

test('a replay makes no half outside; when history is used up listeners wake first, then the others, then waiting effects leave', async () => {
  const seen: Seen = { outside: [], inside: [] };
  const record = async (running: Session): Promise<void> => {
    const other = open(running, seen, {
      wake: () => {
        seen.outside.push('wake other');
        return undefined;
      },
    });
    const listener = open(running, seen, {
      isListener: true,
      wake: async () => {
        await Promise.resolve();
        seen.outside.push('listener listens');
      },
    });
    other.open('test.other', [], () => seen.outside.push('open other'));
    listener.open('test.listener', [], () => seen.outside.push('open listener'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.effect('write', 1, () => seen.outside.push('write'));
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const first = await withSession(record, undefined, 'ses_wake');
  await until('the second timer', () => first.sink.events.filter((event) => event.t === 'timer').length === 2);
  first.session.close();
  first.built[Symbol.dispose]();
  assert.deepEqual(
    first.sink.events.slice(0, 5).map((event) => event.t),
    ['start', 'open', 'open', 'timer', 'done'],
  );
  // Before the timer had fired, and after it: then the effect is made before anything was woken.
  for (const events of [4, 5]) {
    seen.outside.length = 0;
    await ended(await withSession(record, first.sink.events.slice(0, events), 'ses_wake'));
    assert.deepEqual(seen.outside, ['listener listens', 'wake other', 'write'], `after ${String(events)} events`);
  }
});
