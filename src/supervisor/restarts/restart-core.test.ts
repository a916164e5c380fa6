// The core against a world of chance: units that become ready, fall, return and hang on as they like, and a clock that is moved by hand. What
// must hold is written down once more, from what was seen, not from what the core thinks.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ManualClock } from '../../testing/manual-clock.ts';
import { RestartCore, type Action, type CoreOptions } from './restart-core.ts';
import { RULES, type Ending, type Kept, type Rules, type Strategy } from './rules.ts';

const HISTORIES = 100_000;
const STEPS = 30;

/** Numbers from 0 to 1 that are the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), state | 1);
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Seen {
  readonly rank: number;
  phase: 'none' | 'starting' | 'ready' | 'stopping';
  life: number;
  readonly restart: Kept['restart'];
  isDone: boolean;
  wasReady: boolean;
  /** Of the life that runs, or of the one that ended last. */
  readyAtMs: number | undefined;
  attempt: number;
  notBeforeMs: number;
}

const RESTARTS = ['permanent', 'transient', 'temporary'] as const;
const STRATEGIES: readonly Strategy[] = ['one-for-one', 'one-for-all', 'rest-for-one'];
const BACK_OFF = { firstMs: 100, factor: 2, mostMs: 2000, jitter: 0.2, resetMs: 3000 };

/** One history. Throws where something does not hold. */
class World {
  readonly #random: () => number;
  readonly #clock = new ManualClock(0);
  readonly #core: RestartCore;
  readonly #units: Seen[];
  readonly #options: CoreOptions;
  readonly #restartsMs: number[] = [];
  #end: Extract<Action, { kind: 'end' }> | undefined;
  #hasStarted = false;
  #isClosed = false;
  /** Units that are to be made new together, and have to be gone before one of them starts. */
  readonly #round = new Set<number>();

  constructor(seed: number, rules: Rules) {
    this.#random = chance(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(this.#random() * all.length)] as T;
    let rank = 0;
    this.#units = Array.from({ length: 1 + Math.floor(this.#random() * 5) }, () => ({
      rank: this.#random() < 0.4 ? rank : ++rank,
      phase: 'none',
      life: 0,
      restart: pick(RESTARTS),
      isDone: false,
      wasReady: false,
      readyAtMs: undefined,
      attempt: 0,
      notBeforeMs: 0,
    }));
    this.#options = {
      strategy: pick(STRATEGIES),
      budget: { restarts: Math.floor(this.#random() * 4), withinMs: 1000 + Math.floor(this.#random() * 5000) },
      ranks: this.#units.map((one) => one.rank),
      startsAtOnce: 1 + Math.floor(this.#random() * 3),
      units: this.#units.map(({ restart }) => ({ restart, backOff: BACK_OFF, stopExitCodes: [9] })),
      fraction: this.#random,
    };
    this.#core = new RestartCore(this.#options, rules);
  }

  live(): void {
    this.#take(this.#core.start(this.#clock.monotonicMs()));
    for (let step = 0; step < STEPS && this.#end === undefined; step++) {
      this.#step();
      this.#checkProgress();
    }
    this.#close();
    for (let step = 0; step < 100 && this.#end === undefined; step++) this.#endOne();
    assert.ok(this.#end !== undefined, 'it never ended');
  }

  #step(): void {
    const dice = this.#random();
    const unit = Math.floor(this.#random() * this.#units.length);
    const seen = this.#units[unit] as Seen;
    if (dice < 0.02) this.#close();
    else if (dice < 0.35) this.#clock.advance(Math.floor(this.#random() * 1500));
    else if (seen.phase === 'starting' && dice < 0.75) this.#ready(unit, seen);
    else if (seen.phase !== 'none' && (seen.phase !== 'ready' || dice < 0.6)) this.#ended(unit, seen);
  }

  #ready(unit: number, seen: Seen): void {
    seen.phase = 'ready';
    seen.wasReady = true;
    seen.readyAtMs = this.#clock.monotonicMs();
    this.#noteStarted();
    this.#take(this.#core.onReady(unit, seen.life, this.#clock.monotonicMs()));
  }

  #noteStarted(): void {
    if (!this.#isEnding) this.#hasStarted ||= this.#units.every(({ isDone, wasReady }) => wasReady || isDone);
  }

  #ended(unit: number, seen: Seen): void {
    const dice = this.#random();
    const isRecycled = dice > 0.9 && seen.phase === 'ready';
    const hasFailed = !isRecycled && dice < 0.6;
    const exitCode = dice < 0.05 ? 9 : null;
    const ending: Ending = { hasFailed, isRecycled, isLeaked: false, exitCode };
    const nowMs = this.#clock.monotonicMs();
    const before = seen.phase;
    seen.phase = 'none';
    const expected = this.#expect(unit, seen, before, ending, nowMs);
    this.#noteStarted();
    const actions = this.#core.onEnded(unit, seen.life, ending, nowMs);
    const restart = actions.find((action) => action.kind === 'restart');
    assert.equal(
      restart !== undefined,
      expected === 'restart',
      `unit ${unit} of ${this.#options.strategy} ended: ${expected} was expected`,
    );
    if (restart !== undefined) this.#restart(unit, seen, restart.delayMs, nowMs);
    this.#take(actions);
    const how = this.#end?.how;
    if (expected === 'gave-up' || expected === 'start-failed')
      assert.ok(how === expected || this.#units.some(({ phase }) => phase === 'stopping'), String(how));
  }

  /** What the contract says of this end. */
  #expect(
    unit: number,
    seen: Seen,
    before: Seen['phase'],
    ending: Ending,
    nowMs: number,
  ): 'restart' | 'recycle' | 'done' | 'asked' | 'gave-up' | 'start-failed' {
    if (this.#isEnding || before === 'stopping' || this.#round.has(unit)) {
      this.#round.delete(unit);
      seen.isDone ||= seen.restart === 'temporary' || this.#isEnding;
      return 'asked';
    }
    if (!this.#hasStarted && !seen.wasReady && ending.hasFailed) {
      this.#isEnding = true;
      return 'start-failed';
    }
    if (ending.isRecycled) {
      seen.notBeforeMs = nowMs;
      return 'recycle';
    }
    if (ending.exitCode === 9 || seen.restart === 'temporary' || (seen.restart === 'transient' && !ending.hasFailed)) {
      seen.isDone = true;
      return 'done';
    }
    const { restarts, withinMs } = this.#options.budget;
    if (this.#restartsMs.filter((atMs) => nowMs - atMs < withinMs).length < restarts) return 'restart';
    this.#isEnding = true;
    return 'gave-up';
  }

  #isEnding = false;

  #restart(unit: number, seen: Seen, delayMs: number, nowMs: number): void {
    this.#restartsMs.push(nowMs);
    seen.attempt = seen.readyAtMs !== undefined && nowMs - seen.readyAtMs >= BACK_OFF.resetMs ? 1 : seen.attempt + 1;
    const wholeMs = Math.min(BACK_OFF.firstMs * BACK_OFF.factor ** (seen.attempt - 1), BACK_OFF.mostMs);
    assert.ok(delayMs <= wholeMs && delayMs >= Math.floor(wholeMs * 0.8), `a pause of ${delayMs} ms at attempt ${seen.attempt}`);
    seen.notBeforeMs = nowMs + delayMs;
    const rankOf = (n: number): number => this.#units[n]?.rank ?? 0;
    const isOf = (n: number): boolean =>
      n !== unit && (this.#options.strategy === 'one-for-all' || (this.#options.strategy === 'rest-for-one' && rankOf(n) > seen.rank));
    for (const [n, one] of this.#units.entries()) {
      if (!isOf(n) || one.isDone) continue;
      one.notBeforeMs = Math.max(one.notBeforeMs, seen.notBeforeMs);
      if (one.phase !== 'none') this.#round.add(n);
    }
  }

  #endOne(): void {
    const unit = this.#units.findIndex(({ phase }) => phase === 'stopping');
    const seen = this.#units[unit];
    if (seen === undefined) throw new Error('nothing is stopped, and it is not over');
    this.#ended(unit, seen);
  }

  /** What could start does: nobody waits for one that it does not depend on. */
  #checkProgress(): void {
    if (this.#isEnding || this.#round.size > 0) return;
    const open = this.#units.filter(({ isDone, phase }) => !isDone && phase !== 'ready');
    const rank = Math.min(...open.map((one) => one.rank));
    const nowMs = this.#clock.monotonicMs();
    const isFree = this.#hasStarted && this.#options.strategy === 'one-for-one';
    const idle = open.filter((one) => one.phase === 'none' && one.notBeforeMs <= nowMs && (isFree || one.rank === rank)).length;
    const room = this.#options.startsAtOnce - open.filter(({ phase }) => phase === 'starting').length;
    assert.ok(idle === 0 || (!isFree && room === 0), 'one that could start waits');
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isEnding = true;
    this.#take(this.#core.close(this.#clock.monotonicMs()));
  }

  #take(actions: readonly Action[]): void {
    for (const action of actions) this.#act(action);
    assert.equal(this.#core.hasStarted, this.#hasStarted, 'whether all of it has started');
    for (const action of actions)
      if (action.kind === 'wake')
        this.#clock.after(action.atMs - this.#clock.monotonicMs(), () => this.#take(this.#core.onWake(this.#clock.monotonicMs())));
  }

  #act(action: Action): void {
    assert.equal(this.#end, undefined, 'something follows the end');
    if (action.kind === 'end') {
      assert.ok(
        this.#units.every(({ phase }) => phase === 'none'),
        'it is over, and a unit lives',
      );
      this.#end = action;
    } else if (action.kind === 'start') this.#onStart(action);
    else if (action.kind === 'stop') this.#onStop(action.unit);
  }

  #onStart({ life, unit }: Extract<Action, { kind: 'start' }>): void {
    const seen = this.#units[unit] as Seen;
    assert.equal(seen.phase, 'none', 'a unit has two lives at once');
    assert.equal(life, seen.life + 1);
    assert.ok(!seen.isDone, 'what is done is started');
    assert.ok(!this.#isEnding, 'something is started at the end');
    assert.ok(this.#clock.monotonicMs() >= seen.notBeforeMs, 'a restart comes before its pause is over');
    assert.equal(this.#round.size, 0, 'a sibling of the old round lives');
    const isOrdered = !this.#hasStarted || this.#options.strategy !== 'one-for-one';
    if (isOrdered) {
      assert.ok(
        this.#units.every(({ isDone, phase, rank }) => rank >= seen.rank || isDone || phase === 'ready'),
        'it is started before one above it is ready',
      );
      const starting = this.#units.filter(({ phase }) => phase === 'starting').length;
      assert.ok(starting < this.#options.startsAtOnce, 'too many start at once');
    }
    Object.assign(seen, { phase: 'starting', life, readyAtMs: undefined });
  }

  #onStop(unit: number): void {
    const seen = this.#units[unit] as Seen;
    assert.ok(seen.phase === 'starting' || seen.phase === 'ready', 'what does not run is stopped');
    assert.ok(this.#isEnding || this.#round.has(unit), 'one is stopped for no reason');
    assert.ok(
      this.#units.every(({ phase, rank }, n) => rank <= seen.rank || phase === 'none' || !(this.#isEnding || this.#round.has(n))),
      'it is stopped before one below it has ended',
    );
    seen.phase = 'stopping';
  }
}

/** How many of the histories go well, and what the first bad one says. */
function judge(rules: Rules, count: number): string | undefined {
  for (let seed = 1; seed <= count; seed++)
    try {
      new World(seed, rules).live();
    } catch (error) {
      return `history ${seed}: ${(error as Error).message}`;
    }
  return undefined;
}

test(`RestartCore holds what it promises in ${HISTORIES} random histories`, () => {
  assert.equal(judge(RULES, HISTORIES), undefined);
});

const BROKEN: Readonly<Record<string, Partial<Rules>>> = {
  'a budget that is one too large': {
    spend: (budget, spentMs, nowMs) => RULES.spend({ ...budget, restarts: budget.restarts + 1 }, spentMs, nowMs),
  },
  'a window that jumps instead of sliding': {
    spend: ({ restarts, withinMs }, spentMs, nowMs) => {
      if (spentMs[0] !== undefined && nowMs - spentMs[0] >= withinMs) spentMs.length = 0;
      return spentMs.length < restarts && spentMs.push(nowMs) > 0;
    },
  },
  'a pause that does not grow': { delayMs: (backOff, _attempt, fraction) => RULES.delayMs(backOff, 1, fraction) },
  'a pause without a ceiling': { delayMs: (backOff, attempt, fraction) => RULES.delayMs({ ...backOff, mostMs: 1e9 }, attempt, fraction) },
  'rest-for-one that makes those above new': {
    affected: (strategy, fallen, ranks) =>
      strategy === 'rest-for-one' ? Array.from({ length: fallen + 1 }, (_, n) => n) : RULES.affected(strategy, fallen, ranks),
  },
  'rest-for-one that makes those new that start beside the fallen one': {
    affected: (strategy, fallen, ranks) =>
      strategy === 'rest-for-one'
        ? [...ranks.keys()].filter((n) => (ranks[n] ?? 0) >= (ranks[fallen] ?? 0))
        : RULES.affected(strategy, fallen, ranks),
  },
  'one-for-all that leaves the last one': {
    affected: (strategy, fallen, ranks) =>
      RULES.affected(strategy, fallen, ranks).filter((n) => strategy !== 'one-for-all' || n === fallen || n < ranks.length - 1),
  },
  'transient that comes back after a good end': {
    isRestarted: (kept, ending) => kept.restart !== 'temporary' && RULES.isRestarted({ ...kept, restart: 'permanent' }, ending),
  },
  'an exit code that means stop and is not looked at': {
    isRestarted: (kept, ending) => RULES.isRestarted({ ...kept, stopExitCodes: [] }, ending),
  },
};

for (const [title, broken] of Object.entries(BROKEN))
  test(`the histories catch ${title}`, () => {
    assert.notEqual(judge({ ...RULES, ...broken }, HISTORIES / 10), undefined);
  });
