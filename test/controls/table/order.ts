// Commit before deliver, commit before leave, and the one order in which things reach a program.
import type { Control } from '../control.ts';

const PUMP = 'src/durable/replay/time/pump.ts';
const PUMP_TEST = 'src/durable/replay/time/pump.test.ts';
const OBJECTS = 'src/durable/replay/objects/objects.ts';
const OBJECTS_TEST = 'test/replay/objects.test.ts';
const ASYNC_CALL = 'src/durable/replay/calls/async-call.ts';
const SYNC_CALL = 'src/durable/replay/calls/sync-call.ts';

/** Controls of the order of things. */
export const ORDER: readonly Control[] = [
  {
    name: 'delivery before its commit',
    rule: 'What happens outside reaches the program after the commit that holds it',
    file: PUMP,
    text: '    writer.whenDurable(() => {\n      this.#committing = false;\n      then();\n    });',
    fault: '    this.#committing = false;\n    then();',
    noticedBy: [{ file: PUMP_TEST, only: 'nothing before the commit' }],
    isQuick: true,
  },
  {
    name: 'effect before its commit',
    rule: 'What the program does to an object leaves after the commit that holds it',
    file: OBJECTS,
    text: '    this.#leaving.push(effect);\n    this.#parts.writer.whenDurable(() => {',
    fault: '    this.#leaving.push(effect);\n    [0].forEach(() => {',
    noticedBy: [{ file: OBJECTS_TEST, only: '^an effect of an object leaves' }],
    isQuick: true,
  },
  {
    name: 'call before its commit',
    rule: 'A call with an effect begins after the commit that holds its intent',
    file: ASYNC_CALL,
    text: '  if (isFirst && !spec.effect) begin();',
    fault: '  if (isFirst) begin();',
    noticedBy: [{ file: 'test/replay/life.test.ts', only: 'after the commit' }],
    isQuick: true,
  },
  {
    name: 'end before its commit',
    rule: 'A session has ended when its end is on disk',
    file: 'src/durable/replay/session/session.ts',
    text: '    this.writer.whenDurable(() => this.#finish(event));',
    fault: '    this.#finish(event);',
    noticedBy: [{ file: 'test/replay/life.test.ts', only: 'its end is on disk' }],
  },
  {
    name: 'synchronous effect without a barrier',
    rule: 'Before a synchronous effect every earlier result is on disk',
    file: SYNC_CALL,
    text: '    parts.barrier();\n',
    fault: '',
    noticedBy: [
      { file: 'test/replay/life.test.ts', only: 'an effect after a result needs one' },
      { file: OBJECTS_TEST, only: '^a synchronous effect' },
    ],
    isQuick: true,
  },
  {
    name: 'a timer of a cut turn counts from the resume',
    rule: 'What a turn sets that a crash cut in two counts from the cut',
    file: 'src/durable/replay/time/timers.ts',
    text: '(cutMs ?? nowMs) + ms',
    fault: 'nowMs + ms',
    noticedBy: [{ file: 'test/process-surface/timers.test.ts', only: '^timers of one turn' }],
  },
  {
    name: 'effects stay behind at a barrier',
    rule: 'Before a synchronous effect every earlier effect of an object has left',
    file: OBJECTS,
    text: '    while (this.#leaving.length > 0) this.#letGo();\n',
    fault: '',
    noticedBy: [{ file: OBJECTS_TEST, only: '^a synchronous effect' }],
  },
  {
    name: 'a program is not quiet before a delivery',
    rule: 'Before a delivery the program has come to rest, over the macrotasks of Node’s own streams too',
    file: PUMP,
    text: '    } else if (this.#quietTurns < QUIET_TURNS) {',
    fault: '    } else if (this.#quietTurns < 0) {',
    noticedBy: [{ file: PUMP_TEST, only: 'waits for quiet turns' }],
    isQuick: true,
  },
  {
    name: 'a sign of the program does not count',
    rule: 'A delivery is put off while the program is at work',
    file: PUMP,
    text: '  stir(): void {\n    this.#quietTurns = 0;',
    fault: '  stir(): void {\n    this.#quietTurns += 0;',
    noticedBy: [{ file: PUMP_TEST, only: 'waits for quiet turns' }],
  },
  {
    name: 'several deliveries in a turn',
    rule: 'One delivery a macrotask; the microtasks that it leads to have run before the next one',
    file: PUMP,
    text: '    this.#host.deliver(event, live);\n  }\n}',
    fault:
      '    this.#host.deliver(event, live);\n    const next = this.#batch.shift();\n    if (next !== undefined) {\n      this.#parts.cursor.advance();\n      this.#host.deliver(next.event, next.live);\n    }\n  }\n}',
    noticedBy: [{ file: PUMP_TEST, only: 'one delivery a turn' }],
    isQuick: true,
  },
  {
    name: 'a batch before the last one was given',
    rule: 'The next batch is appended when the last one was given to the program',
    file: PUMP,
    text: '    const next = this.#batch.shift();\n    if (next !== undefined) {',
    fault:
      '    if (this.#arrived.length > 0) return this.#appendArrived(() => this.kick());\n    const next = this.#batch.shift();\n    if (next !== undefined) {',
    noticedBy: [{ file: PUMP_TEST, only: 'the next batch only when' }],
  },
  {
    name: 'immediates after deliveries',
    rule: 'The program’s immediates come before the next delivery',
    file: PUMP,
    text: '    const immediate = this.#immediates.shift();',
    fault: '    const immediate = this.#batch.length > 0 ? undefined : this.#immediates.shift();',
    noticedBy: [{ file: PUMP_TEST, only: 'its immediates first' }],
  },
  {
    name: 'overdue timers in the order in which they were set',
    rule: 'Timers that are overdue at a resume fire in the order in which they were due',
    file: PUMP,
    text: 'unknown.sort((a, b) => (a.dueMs === b.dueMs ? 0 : a.dueMs - b.dueMs))',
    fault: 'unknown',
    // Timers of a real session come in their order already, by a second look at their times.
    noticedBy: [{ file: PUMP_TEST, only: 'then timers as they are due' }],
  },
  {
    name: 'a hop where it is ready',
    rule: 'Work that runs again on replay, such as compression, ends at its recorded place',
    file: 'src/durable/replay/objects/hops.ts',
    text: '      if (parts.cursor.hasHop(number)) parts.pump.kick();',
    fault: '      if (parts.cursor.hasHop(number)) this.#open.get(number)?.take(value);',
    noticedBy: [{ file: OBJECTS_TEST, only: '^work that is done again' }],
    isQuick: true,
  },
  {
    name: 'a hop that is not ready is given',
    rule: 'The recorded end of such work waits until it was done again',
    file: 'src/durable/replay/objects/hops.ts',
    text: '    return hop === undefined || hop.result !== undefined;',
    fault: '    return hop === undefined || number > 0;',
    noticedBy: [{ file: OBJECTS_TEST, only: '^work that is done again' }],
  },
  {
    name: 'connections wake before listeners',
    rule: 'After a crash listeners listen before anything connects to them',
    file: OBJECTS,
    text: '    const opening = asleep.filter(({ half }) => half.isListener === true).flatMap((entry) => this.#wake(entry) ?? []);\n',
    fault:
      '    const opening: Promise<void>[] = [];\n    for (const entry of [...asleep].reverse()) if (entry.half.isListener === true) void this.#wake(entry);\n',
    noticedBy: [{ file: OBJECTS_TEST, only: 'listeners wake first' }],
    isQuick: true,
  },
  {
    name: 'effects leave for an object that sleeps',
    rule: 'After a crash effects of an object wait until its half outside was made',
    file: OBJECTS,
    text: '    if (effect.entry.isAwake || isLeft) run();',
    fault: '    if (effect.entry.number > 0 || isLeft) run();',
    noticedBy: [{ file: OBJECTS_TEST, only: 'listeners wake first' }],
  },
  {
    name: 'the async context of an object is lost',
    rule: 'Events of an object run in the async context in which the program met it',
    file: OBJECTS,
    text: '    const enter = this.#parts.options.realm.context.snapshot();',
    fault: '    const enter = <R>(run: () => R): R => run();',
    noticedBy: [{ file: 'test/puppets/order.test.ts', only: '^the context of listeners' }],
  },
  {
    name: 'the async context of a timer is lost',
    rule: 'A timer fires in the async context in which it was set',
    file: 'src/durable/replay/time/timers.ts',
    text: '    const enter = this.#parts.options.realm.context.snapshot();',
    fault: '    const enter = <R>(run: () => R): R => run();',
    noticedBy: [{ file: 'test/process-surface/timers.test.ts', only: 'AsyncLocalStorage is followed through timers' }],
  },
  {
    name: 'the async context of a callback is lost',
    rule: 'A callback of a call runs in the async context in which the program gave it',
    file: ASYNC_CALL,
    text: 'const call = (error: unknown, value: unknown): void => snapshot(() => parts.enter(() => callback(error, value)));',
    fault: 'const call = (error: unknown, value: unknown): void => void [snapshot, parts.enter(() => callback(error, value))];',
    noticedBy: [{ file: 'test/edge/fs-calls.test.ts', only: '^a callback runs in the async context' }],
  },
];
