import assert from 'node:assert/strict';
import { realClock } from '../../platform/time/clock.ts';
import '../../remote/backend/register.ts';
import { group, supervise, type PlaceName, type Supervisor, type UnitEnd, type UnitOptions } from '../../supervisor/index.ts';
import type { Behaviour } from '../connection-method-suite.ts';
import { loadRuntimes, type StepsGiven, type SuiteRuntimes } from './suite-runtimes.ts';

/** A place under test. */
export interface PlaceSubject {
  readonly in: () => Promise<PlaceName> | PlaceName;
  /** A folder in which the suite may write a file of Runtimes. Whoever gives it removes it, when no test of the process needs it. */
  readonly folder: string;
  /** Whether units have a heap of their own that can be bounded. */
  readonly hasMemoryLimit: boolean;
}

/** What one life came to. */
interface Lived {
  readonly end: UnitEnd;
  /** What supervise threw; undefined when the unit became ready. */
  readonly thrown: unknown;
  readonly states: readonly string[];
  /** Milliseconds from the order to end until the end. */
  readonly closeMs: number;
}

const STEP_MS = 15_000;

/** What every place does. Needs no test runner. */
export function placeBehaviours(subject: PlaceSubject): readonly Behaviour[] {
  const live = async (
    use: (runtimes: SuiteRuntimes, options: UnitOptions & { readonly onEvent: never }) => Promise<Supervisor>,
    options: UnitOptions,
    after: (supervisor: Supervisor) => Promise<unknown>,
  ): Promise<Lived> => {
    const runtimes = await loadRuntimes(subject.folder);
    const states: string[] = [];
    const ended = Promise.withResolvers<UnitEnd>();
    const onEvent = (event: { kind: string; state?: string; end?: UnitEnd }): void => {
      if (event.state !== undefined) states.push(event.state);
      if (event.end !== undefined) ended.resolve(event.end);
    };
    const all = { restart: 'temporary', ...options, in: await subject.in(), onEvent } as never;
    let thrown: unknown;
    let closedAtMs = realClock.monotonicMs();
    const supervisor = await use(runtimes, all).catch((error: unknown) => void (thrown = error));
    try {
      if (supervisor !== undefined) await after(supervisor);
    } finally {
      closedAtMs = realClock.monotonicMs();
      await supervisor?.close();
    }
    // Refused before it began: no event tells of that.
    if (states.length === 0) throw thrown;
    const end = await soon(ended.promise);
    return { end, thrown, states, closeMs: realClock.monotonicMs() - closedAtMs };
  };
  const steps = (
    given: StepsGiven,
    options: UnitOptions = {},
    after: (supervisor: Supervisor) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Lived> =>
    live(({ Steps }, all) => supervise(Steps as never, given as never, { name: 'Steps', ...all } as never), options, after);
  const untilEnded = (supervisor: Supervisor): Promise<unknown> => soon(supervisor.ended);
  /** What ran, from what teardown threw. */
  const traceOf = ({ end }: Lived): string => end.also.find(({ phase }) => phase === 'teardown')?.error.cause as never as string;
  const ran = (lived: Lived, trace: string): void => assert.equal((traceOf(lived) as unknown as Error | undefined)?.message, trace);

  return [
    {
      title: 'P1: new, setup, run and teardown are called once each, in this order, and the signal ends run',
      run: async () => {
        const lived = await steps({});
        ran(lived, 'new setup run aborted teardown');
        assert.equal(lived.end.how, 'cancelled');
        assert.deepEqual(lived.states, ['preparing', 'starting', 'ready', 'stopping', 'ended']);
      },
    },
    {
      title: 'P2: a constructor that throws is a failed start, and nothing else is called',
      run: async () => {
        const { end, thrown } = await steps({ new: 'throw' });
        assert.deepEqual(
          [end.how, end.failure?.phase, end.failure?.kind, end.isTornDown, end.also.length],
          ['failed', 'setup', 'threw', false, 0],
        );
        assert.equal(thrown, end.failure?.error);
        assert.match(String((thrown as Error).message), /^Steps threw in setup: RangeError: no instance$/);
        const cause = (thrown as Error).cause as Error;
        assert.equal(((cause as Error).cause as Error).message, 'the cause');
        assert.match(String(cause.stack), /runtimes\.mjs/, 'the stack of the place');
      },
    },
    {
      title: 'P3: a setup that throws is a failed start without run and teardown; its error keeps class, code and stack',
      run: async () => {
        const { end } = await steps({ setup: 'throw' });
        assert.deepEqual(
          [end.how, end.failure?.phase, end.failure?.kind, end.isTornDown, end.also.length],
          ['failed', 'setup', 'threw', false, 0],
        );
        const cause = end.failure?.error.cause as Error & { code?: string };
        assert.deepEqual([cause.name, cause.message, cause.code], ['TypeError', 'no setup', 'E_SETUP']);
        assert.match(String(cause.stack), /runtimes\.mjs/);
      },
    },
    {
      title: 'P4: a run that throws has failed, and teardown follows',
      run: async () => {
        const lived = await steps({ run: 'throw' }, {}, untilEnded);
        ran(lived, 'new setup run teardown');
        assert.deepEqual([lived.end.how, lived.end.failure?.phase, lived.end.failure?.kind], ['failed', 'run', 'threw']);
      },
    },
    {
      title: 'P5: a run that returns has returned, and teardown follows',
      run: async () => {
        const lived = await steps({ run: 'return' }, {}, untilEnded);
        ran(lived, 'new setup run teardown');
        assert.deepEqual([lived.end.how, lived.end.failure], ['returned', undefined]);
      },
    },
    {
      title: 'P6: a teardown that throws is told and changes nothing; one that does not is done',
      run: async () => {
        assert.deepEqual((({ how, isTornDown }) => [how, isTornDown])((await steps({})).end), ['cancelled', false]);
        const { end } = await steps({ teardown: 'quiet' });
        assert.deepEqual([end.how, end.isTornDown, end.also], ['cancelled', true, []]);
      },
    },
    {
      title: 'P7: an error that nothing catches, and a rejection that nothing handles, are failures of run; teardown follows',
      run: async () => {
        for (const run of ['uncaught', 'rejection'] as const) {
          const lived = await steps({ run }, {}, untilEnded);
          ran(lived, 'new setup run aborted teardown');
          assert.deepEqual([lived.end.how, lived.end.failure?.phase, lived.end.failure?.kind], ['failed', 'run', 'uncaught']);
          assert.match(String(lived.end.failure?.error.message), /nobody (catches|handles) me/);
        }
      },
    },
    {
      title: 'P8: process.exit ends it with its code and without teardown; 0 is no failure',
      run: async () => {
        const { end } = await steps({ run: 'exit' }, {}, untilEnded);
        assert.deepEqual([end.how, end.failure?.kind, end.exitCode, end.isTornDown, end.also.length], ['failed', 'exited', 3, false, 0]);
        const clean = (await steps({ run: 'exit 0' }, {}, untilEnded)).end;
        assert.deepEqual([clean.how, clean.failure, clean.exitCode], ['exited', undefined, 0]);
      },
    },
    {
      title: 'P9: an endless loop is ended by the last rung, within the times of the ladder',
      run: async () => {
        const { closeMs, end } = await steps({ run: 'loop' }, { cancelMs: 300, leaveMs: 300 }, () => realClock.sleep(1000));
        assert.deepEqual([end.how, end.isTornDown, end.failure], ['killed', false, undefined]);
        assert.ok(closeMs >= 590 && closeMs < 600 + 3000 + 5000, `${closeMs} ms`);
      },
    },
    {
      title: 'P10: a run that ignores its signal is left, and teardown follows',
      run: async () => {
        const lived = await steps({ run: 'ignore' }, { cancelMs: 200, leaveMs: 20_000 });
        ran(lived, 'new setup run teardown');
        assert.equal(lived.end.how, 'cancelled');
      },
    },
    {
      title: 'P11: closing in the middle of a setup of 5 s takes less than 4 s',
      run: async () => {
        const began = realClock.monotonicMs();
        const { end, thrown } = await steps({ setup: 'slow' }, { startMs: 400 });
        assert.equal((thrown as { code?: string }).code, 'UNIT_LATE');
        assert.deepEqual([end.how, end.failure?.kind, end.isTornDown], ['failed', 'late', false]);
        assert.ok(realClock.monotonicMs() - began < 400 + 4000 + 2000, 'it took too long');
      },
    },
    {
      title: 'P12: AbortError of its own signal is a cancel; another error after the signal is a failure',
      run: async () => {
        const lived = await steps({ run: 'reason' });
        assert.deepEqual([lived.end.how, lived.end.failure], ['cancelled', undefined]);
        const other = await steps({ run: 'other' });
        assert.deepEqual([other.end.how, other.end.failure?.phase], ['failed', 'run']);
      },
    },
    {
      title: 'P13: arguments cross as values, and the environment is its own',
      run: async () => {
        const value = { map: new Map([['a', 1n]]), list: [1, undefined, 'x'] };
        const tell = (name: string, env: string): Promise<Lived> =>
          live(
            ({ teller }, all) => supervise(teller as never, { value } as never, { ...all, name } as never),
            { env: { SUITE_VALUE: env } },
            () => Promise.resolve(),
          );
        for (const lived of await Promise.all([tell('one', '1'), tell('two', '2')])) {
          const cause = lived.end.failure?.error.cause as Error & { code?: number };
          const [got, env, name, life] = JSON.parse(cause.message) as [object, string, string, number];
          assert.deepEqual(got, { map: [['a', '1']], list: [1, null, 'x'] });
          assert.deepEqual([name, life, cause.code], [env === '1' ? 'one' : 'two', 1, 1]);
        }
        const refused = await live(
          ({ teller }, all) => supervise(teller as never, { value: () => 1 } as never, { ...all, name: 'x' } as never),
          {},
          () => Promise.resolve(),
        );
        assert.match(String((refused.thrown as Error).message), /function/);
      },
    },
    {
      title: 'P14: with ready: told the start waits for unit.ready(), and is late without it',
      run: async () => {
        const lived = await steps({ run: 'told' }, { ready: 'told' });
        ran(lived, 'new setup run ready aborted teardown');
        const late = await steps({}, { ready: 'told', startMs: 1500 });
        assert.equal((late.thrown as { code?: string }).code, 'UNIT_LATE');
        assert.deepEqual([late.end.how, late.end.failure?.kind], ['failed', 'late']);
      },
    },
    {
      title: 'P15: unit.extend() gives a slow start more time',
      run: async () => {
        const lived = await steps({ setup: 'extend' }, { startMs: 4000 });
        assert.equal(lived.thrown, undefined);
        assert.equal(lived.end.how, 'cancelled');
      },
    },
    {
      title: 'P16: a watchdog that is not fed any longer is a failure',
      run: async () => {
        const { end } = await steps({ run: 'alive' }, { watchdogMs: 500 }, untilEnded);
        assert.deepEqual([end.how, end.failure?.kind], ['failed', 'unhealthy']);
      },
    },
    {
      title: 'P17: a full heap is a failure of the kind memory, and this process lives',
      run: async () => {
        if (!subject.hasMemoryLimit) return;
        const { end } = await steps({ run: 'memory' }, { memoryMb: 48 }, untilEnded);
        assert.deepEqual([end.how, end.failure?.kind, end.isTornDown], ['failed', 'memory', false]);
      },
    },
    {
      title: 'P18: drain comes first, while run is under way; what it throws is told, and it has its time',
      run: async () => {
        const works = (given: { readonly drain?: 'throw' | 'hang' }, options: UnitOptions): Promise<Lived> =>
          live(
            ({ Works }, all) => supervise(Works as never, given as never, { name: 'Works', ...all } as never),
            options,
            () => Promise.resolve(),
          );
        ran(await works({}, {}), 'new run drain drained aborted');
        const thrown = await works({ drain: 'throw' }, {});
        ran(thrown, 'new run drain aborted');
        assert.deepEqual([thrown.end.how, thrown.end.failure], ['cancelled', undefined]);
        assert.ok(thrown.end.also.some(({ error, phase }) => phase === 'drain' && error.message === 'Works threw in drain: no drain'));
        const hung = await works({ drain: 'hang' }, { drainMs: 200 });
        ran(hung, 'new run drain aborted');
        assert.ok(hung.closeMs >= 200 && hung.closeMs < 200 + 5000, `${hung.closeMs} ms`);
      },
    },
    {
      title: 'P19: replicas answer calls, and throw what their methods throw',
      run: async () => {
        const { Works } = await loadRuntimes(subject.folder);
        const replicas = await supervise(group(Works, {}, { name: 'works', in: await subject.in(), concurrency: 2 }));
        try {
          assert.deepEqual(await soon(Promise.all([1, 2, 3, 4, 5].map((n) => replicas.call('add', n, 1)))), [2, 3, 4, 5, 6]);
          await assert.rejects(soon(replicas.call('refuse')), { name: 'TypeError', message: 'not that', code: 'E_NOT' });
        } finally {
          await replicas.close();
        }
      },
    },
  ];
}

/** Fails when the promise takes longer than 15 s. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = realClock.after(STEP_MS, () => late.reject(new Error(`it took more than ${STEP_MS} ms`)));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    timer.clear();
  }
}
