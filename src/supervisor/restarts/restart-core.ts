// Decides when units are started and stopped. No timer, no process: it is told what happened and when, and says what is to be done.
//   R1. A unit has one life at a time; the next one is started after the one before has ended.
//   R2. Units have ranks. A unit starts when those of all ranks before are ready, and stops when those of all ranks behind have ended; units
//       of one rank start and stop side by side. With one-for-one this holds for the first start and for the end; a restart waits for nobody.
//   R3. Within any span of the budget there are at most as many restarts as it allows. The next one ends everything: `gave-up`.
//   R4. Once it is ending nothing is started; `end` is said once, when no unit is alive.
//   R5. What is leaked gets no other life beside it: everything ends.
//   R6. A unit that is stopped since a sibling fell costs nothing of the budget.
//   R7. Where starts have an order, no more units are starting at once than allowed.
import { RULES, type Budget, type Ending, type Kept, type Rules, type Strategy } from './rules.ts';

/** What the core is made of. */
export interface CoreOptions {
  readonly units: readonly Kept[];
  /** The rank of each unit, from 0, in the order of the units: what has the same depends on nobody of them. */
  readonly ranks: readonly number[];
  /** How many units of a rank may be starting at once. */
  readonly startsAtOnce: number;
  readonly strategy: Strategy;
  readonly budget: Budget;
  /** Chance from 0 to 1. */
  readonly fraction: () => number;
}

/**
 * Why everything ended: `closed` by order; `finished`: no unit is left to keep; `gave-up`: the budget is spent; `start-failed`: a unit
 * failed in the first start.
 */
export type CoreEnd = 'closed' | 'finished' | 'gave-up' | 'start-failed';

/** What is to be done, in this order. */
export type Action =
  | { readonly kind: 'start'; readonly unit: number; readonly life: number }
  | { readonly kind: 'stop'; readonly unit: number }
  /** `onWake` is to be called then. */
  | { readonly kind: 'wake'; readonly atMs: number }
  /** A restart, with the pause before it. */
  | { readonly kind: 'restart'; readonly unit: number; readonly delayMs: number }
  /** @param unit the one that it is about, where there is one */
  | { readonly kind: 'end'; readonly how: CoreEnd; readonly unit: number | undefined };

interface Slot {
  readonly kept: Kept;
  readonly rank: number;
  /** `idle`: to be started, not before its time. `done`: never again. */
  phase: 'idle' | 'starting' | 'ready' | 'stopping' | 'done';
  life: number;
  attempt: number;
  notBeforeMs: number;
  readyAtMs: number | undefined;
  wasReady: boolean;
  mustStop: boolean;
}

const isAlive = ({ phase }: Slot): boolean => phase === 'starting' || phase === 'ready' || phase === 'stopping';

/** The decisions of one supervisor. */
export class RestartCore {
  readonly #slots: readonly Slot[];
  readonly #options: CoreOptions;
  readonly #rules: Rules;
  readonly #spentMs: number[] = [];
  #ending: { readonly how: CoreEnd; readonly unit: number | undefined } | undefined;
  #isOver = false;
  #hasStarted = false;

  constructor(options: CoreOptions, rules: Rules = RULES) {
    this.#options = options;
    this.#rules = rules;
    this.#slots = options.units.map((kept, unit) => ({
      kept,
      rank: options.ranks[unit] ?? unit,
      phase: 'idle',
      life: 0,
      attempt: 0,
      notBeforeMs: Number.NEGATIVE_INFINITY,
      readyAtMs: undefined,
      wasReady: false,
      mustStop: false,
    }));
  }

  /** Whether every unit has been ready once. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Begins. */
  start(nowMs: number): readonly Action[] {
    return this.#next(nowMs);
  }

  onReady(unit: number, life: number, nowMs: number): readonly Action[] {
    const slot = this.#slotOf(unit, life);
    if (slot?.phase !== 'starting') return [];
    slot.phase = 'ready';
    slot.readyAtMs = nowMs;
    slot.wasReady = true;
    return this.#next(nowMs);
  }

  onEnded(unit: number, life: number, ending: Ending, nowMs: number): readonly Action[] {
    const slot = this.#slotOf(unit, life);
    if (slot === undefined || !isAlive(slot)) return [];
    const wasAsked = slot.mustStop;
    const { readyAtMs } = slot;
    slot.phase = 'idle';
    slot.mustStop = false;
    slot.readyAtMs = undefined;
    if (this.#ending !== undefined) slot.phase = 'done';
    else if (ending.isLeaked) this.#begin('gave-up', unit);
    else if (wasAsked) slot.phase = slot.kept.restart === 'temporary' ? 'done' : 'idle';
    else if (!slot.wasReady && ending.hasFailed && !this.#hasStarted) this.#begin('start-failed', unit);
    else if (!this.#rules.isRestarted(slot.kept, ending)) slot.phase = 'done';
    else if (ending.isRecycled) slot.notBeforeMs = nowMs;
    else if (!this.#rules.spend(this.#options.budget, this.#spentMs, nowMs)) this.#begin('gave-up', unit);
    else return this.#restart(unit, slot, readyAtMs, nowMs);
    return this.#next(nowMs);
  }

  /** The time of a `wake` has come. */
  onWake(nowMs: number): readonly Action[] {
    return this.#next(nowMs);
  }

  /** Ends everything. */
  close(nowMs: number): readonly Action[] {
    this.#begin('closed', undefined);
    return this.#next(nowMs);
  }

  #slotOf(unit: number, life: number): Slot | undefined {
    const slot = this.#slots[unit];
    return slot?.life === life ? slot : undefined;
  }

  #restart(unit: number, slot: Slot, readyAtMs: number | undefined, nowMs: number): readonly Action[] {
    const { backOff } = slot.kept;
    if (readyAtMs !== undefined && nowMs - readyAtMs >= backOff.resetMs) slot.attempt = 0;
    slot.attempt++;
    const delayMs = this.#rules.delayMs(backOff, slot.attempt, this.#options.fraction());
    for (const n of this.#rules.affected(this.#options.strategy, unit, this.#options.ranks)) {
      const one = this.#slots[n];
      if (one === undefined || one.phase === 'done') continue;
      one.notBeforeMs = Math.max(one.notBeforeMs, nowMs + delayMs);
      if (isAlive(one)) one.mustStop = true;
    }
    return [{ kind: 'restart', unit, delayMs }, ...this.#next(nowMs)];
  }

  #begin(how: CoreEnd, unit: number | undefined): void {
    if (this.#ending !== undefined) return;
    this.#ending = { how, unit };
    for (const slot of this.#slots) {
      if (isAlive(slot)) slot.mustStop = true;
      else slot.phase = 'done';
    }
  }

  /** What follows from how things stand now. */
  #next(nowMs: number): readonly Action[] {
    if (this.#isOver) return [];
    // At the end units are done that were never ready: that is no start.
    if (this.#ending === undefined) this.#hasStarted ||= this.#slots.every(({ phase, wasReady }) => wasReady || phase === 'done');
    if (this.#slots.every(({ phase }) => phase === 'done')) this.#begin('finished', undefined);
    const actions: Action[] = [...this.#stops(), ...this.#starts(nowMs)];
    if (this.#ending !== undefined && !this.#slots.some(isAlive)) {
      this.#isOver = true;
      actions.push({ kind: 'end', ...this.#ending });
    }
    return actions;
  }

  #stops(): readonly Action[] {
    const waiting = this.#slots.filter((slot) => slot.mustStop && isAlive(slot));
    const last = Math.max(...waiting.map(({ rank }) => rank));
    const actions: Action[] = [];
    for (const [unit, slot] of this.#slots.entries()) {
      if (!slot.mustStop || !isAlive(slot) || slot.rank !== last || slot.phase === 'stopping') continue;
      slot.phase = 'stopping';
      actions.push({ kind: 'stop', unit });
    }
    return actions;
  }

  #starts(nowMs: number): readonly Action[] {
    const isFree = this.#hasStarted && this.#options.strategy === 'one-for-one';
    const actions: Action[] = [];
    if (!isFree && this.#slots.some((slot) => slot.mustStop)) return [];
    const open = this.#slots.filter(({ phase }) => phase !== 'ready' && phase !== 'done');
    const first = Math.min(...open.map(({ rank }) => rank));
    let starting = open.filter(({ phase }) => phase === 'starting').length;
    for (const [unit, slot] of this.#slots.entries()) {
      if (slot.phase !== 'idle' || (!isFree && slot.rank !== first)) continue;
      if (slot.notBeforeMs > nowMs) actions.push({ kind: 'wake', atMs: slot.notBeforeMs });
      else if (isFree || starting < this.#options.startsAtOnce) {
        starting++;
        slot.phase = 'starting';
        actions.push({ kind: 'start', unit, life: ++slot.life });
      }
    }
    return actions;
  }
}
