import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { DeliveryEvent, JournalEvent } from '../../journal/events/event.ts';
import type { Turn } from '../../../base/seams/turn.ts';
import { Cursor } from './cursor.ts';
import { JournalWriter } from './journal-writer.ts';
import { Pump, type PumpHost } from './pump.ts';

/** Turns that are taken by hand. */
class HandTurn implements Turn {
  readonly #next: (() => void)[] = [];

  next(run: () => void): void {
    this.#next.push(run);
  }

  /** Takes turns until nobody asks for one, or the limit. */
  takeAll(most = 100): void {
    for (let i = 0; i < most; i++) {
      const run = this.#next.shift();
      if (run === undefined) return;
      run();
    }
  }
}

/** A sink whose commits are answered by hand. */
class HandSink {
  readonly events: JournalEvent[] = [];
  readonly #waiting: (() => void)[] = [];
  append(event: JournalEvent): void {
    this.events.push(event);
  }
  whenDurable(run: () => void): void {
    this.#waiting.push(run);
  }
  barrier(): void {}
  commit(): void {
    for (const run of this.#waiting.splice(0)) run();
  }
}

interface Rig {
  readonly pump: Pump;
  readonly host: PumpHost & { isHeldUp: boolean };
  readonly turn: HandTurn;
  readonly sink: HandSink;
  readonly cursor: Cursor;
  readonly given: string[];
  /** What the pump has asked the clock for. */
  readonly looks: (() => void)[];
}

function rig(history: readonly JournalEvent[] = [], more: Partial<PumpHost> = {}): Rig {
  const turn = new HandTurn();
  const sink = new HandSink();
  const given: string[] = [];
  const cursor = new Cursor(history, { strict: true, warn: () => undefined });
  const host: Rig['host'] = {
    hasEnded: false,
    fatal: undefined,
    parked: false,
    isReady: () => true,
    deliver: (event) => given.push(event.t === 'signal' ? event.name : event.t),
    endOfHistory: () => given.push('end of history'),
    caughtUp: () => given.push('caught up'),
    end: () => given.push('end'),
    fail: () => given.push('fail'),
    diverged: () => given.push('diverged'),
    lastWords: () => false,
    hasExited: false,
    isStalled: false,
    isHeldUp: false,
    isBegun: () => true,
    parkedAndDurable: () => undefined,
    ...more,
  };
  const looks: (() => void)[] = [];
  const after = (_ms: number, look: () => void): { clear(): void } => {
    looks.push(look);
    return { clear: () => undefined };
  };
  const clock = { wallMs: () => 5, monotonicMs: () => 5, after, sleep: () => Promise.resolve() };
  const pump = new Pump({ cursor, writer: new JournalWriter(sink), turn, clock, patienceMs: 1000 }, host);
  return { pump, host, turn, sink, cursor, given, looks };
}

const signal = (name: string): Extract<DeliveryEvent, { t: 'signal' }> => ({ t: 'signal', name, value: new Uint8Array(), atMs: 1 });
const arrival = (name: string): { make: () => ReturnType<typeof signal> } => ({ make: () => signal(name) });

test('Pump delivers nothing before the commit that holds it', () => {
  const { pump, turn, sink, given } = rig();
  pump.arrive(arrival('one'));
  turn.takeAll();
  assert.deepEqual([sink.events.map((event) => event.t), given], [['signal'], ['caught up']]);
  sink.commit();
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'one']);
});

test('Pump appends what arrived together as one batch, and the next batch only when that was given', () => {
  const { pump, turn, sink, given } = rig();
  for (const name of ['one', 'two']) pump.arrive(arrival(name));
  turn.takeAll();
  pump.arrive(arrival('three'));
  turn.takeAll();
  assert.equal(sink.events.length, 2, 'appended while a commit is under way');
  sink.commit();
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'one', 'two']);
  assert.equal(sink.events.length, 3);
  sink.commit();
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'one', 'two', 'three']);
});

test('Pump gives the program its immediates first', () => {
  const { pump, turn, sink, given } = rig();
  pump.arrive(arrival('one'));
  turn.takeAll();
  pump.immediate(() => {
    given.push('immediate');
    pump.immediate(() => given.push('its own'));
  });
  sink.commit();
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'immediate', 'its own', 'one']);
});

test('Pump waits for quiet turns before a delivery, and a sign of the program puts it off', () => {
  const { pump, turn, sink, given } = rig();
  pump.arrive(arrival('one'));
  turn.takeAll();
  sink.commit();
  for (let i = 0; i < 20; i++) {
    pump.stir();
    turn.takeAll(1);
  }
  assert.deepEqual(given, ['caught up'], 'the program was at work');
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'one']);
});

test('Pump gives one delivery a turn', () => {
  const { pump, turn, sink, given } = rig();
  for (const name of ['one', 'two']) pump.arrive(arrival(name));
  turn.takeAll();
  sink.commit();
  let turns = 0;
  while (given.length < 2 && turns < 50) {
    turn.takeAll(1);
    turns++;
  }
  assert.deepEqual(given, ['caught up', 'one']);
  turn.takeAll(1);
  assert.deepEqual(given, ['caught up', 'one'], 'the program had no quiet turn between the two');
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'one', 'two']);
});

test('Pump starts calls of unknown outcome once history is used up: calls as they were made, then timers as they are due', () => {
  const { pump, turn, given } = rig();
  pump.whenCaughtUp(() => given.push('late timer'), 900);
  pump.whenCaughtUp(() => given.push('call'));
  pump.whenCaughtUp(() => given.push('early timer'), 100);
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'call', 'early timer', 'late timer']);
});

test('Pump waits for an issue that the history has before a delivery', () => {
  const site = { id: 'a', file: 'a.ts', line: 1, column: 1 };
  const timer = { t: 'timer', id: 0, delivered: 0, site, dueMs: 9, atMs: 1 } as const;
  const { pump, turn, cursor, given } = rig([timer, signal('one')]);
  pump.kick();
  turn.takeAll();
  assert.deepEqual(given, [], 'delivered before its issue');
  cursor.issue({ t: 'timer', fn: 'timer', site }, undefined);
  pump.kick();
  turn.takeAll();
  assert.deepEqual(given, ['one', 'caught up']);
});

test('Pump appends nothing new while it is held up, and goes on by itself', () => {
  const { pump, host, turn, sink, given, looks } = rig([], { isHeldUp: true });
  pump.arrive(arrival('one'));
  turn.takeAll();
  assert.deepEqual([sink.events.length, given, looks.length], [0, ['caught up'], 1]);
  host.isHeldUp = false;
  for (const look of looks.splice(0)) look();
  turn.takeAll();
  sink.commit();
  turn.takeAll();
  assert.deepEqual(given, ['caught up', 'one']);
});
