// What blocks, and has one life cycle. Steps of one life, in this order; none is called twice, and none after the life has ended:
//   prepare   in the owner, before anything is started. Throws: nothing else is called.
//   setup     where it runs, once `new` has made the instance of a class. Throws: neither run nor teardown is called.
//   run       where it runs, after a good setup. Blocks until its work is done or its signal fires. However it ends, teardown follows.
//   drain     where it runs, while run is under way, when it is to end: it takes no new work and waits for what it has. Then run is cancelled.
//   teardown  where it runs, after run has ended. Cleans; it is no way to cancel. What it throws is reported and changes nothing.
//   cancel    in the owner, at most once, while run is under way: the way to end it. Without one the signal of run fires.
// When in doubt nothing is caught in any of them: the supervisor does.

/** What a unit knows of itself, and may say, where it runs. */
export interface UnitSelf {
  readonly name: string;
  /** Which life of the unit this is, from 1: each restart is another one. */
  readonly life: number;
  /** Fires when the unit is to end, in whatever phase it is. */
  readonly signal: AbortSignal;
  /** In a call of a group: fires when its caller gives it up, when its time is over, and when the unit is to end. Elsewhere `signal`. */
  readonly callSignal: AbortSignal;
  /** Says that the unit may be talked to. Counts with the option `ready: 'told'`; later calls change nothing. */
  ready(): void;
  /** Says that the unit is alive: feeds the watchdog of the option `watchdogMs`. */
  alive(): void;
  /**
   * Asks for `ms` milliseconds from now on for what the owner waits for: the end of the start, or of the stop.
   * @throws RangeError below 0 and above an hour
   */
  extend(ms: number): void;
}

/** What `prepare` gets beside its arguments. */
export interface OwnerSelf {
  readonly name: string;
  readonly life: number;
  /** Fires when the start is given up. */
  readonly signal: AbortSignal;
  /** Called in the owner when the life is over, the last one first. What it throws is reported. */
  defer(release: () => unknown): void;
}

/** The steps where it runs. `given` is what `prepare` gave, or the arguments where there is none. */
export interface RuntimeHooks {
  setup?(given: never, unit: UnitSelf): unknown;
  run(signal: AbortSignal, unit: UnitSelf): unknown;
  drain?(unit: UnitSelf): unknown;
  teardown?(unit: UnitSelf): unknown;
}

/** The steps in the owner: static members of a class. */
export interface OwnerHooks {
  prepare?(args: never, owner: OwnerSelf): unknown;
  cancel?(given: never, signal: AbortSignal): unknown;
}

/** A Runtime as a class: each life has an instance of its own, made with `given`. */
export interface RuntimeClass extends OwnerHooks {
  new (given: never): RuntimeHooks;
}

/** A Runtime as an object: each life has an object of its own whose prototype it is. */
export interface RuntimeObject extends OwnerHooks, RuntimeHooks {}

/** A class or an object at the top level of a file, exported there. It travels by its name, so that it is loaded where it runs. */
export type Runtime = RuntimeClass | RuntimeObject;

type First<F> = F extends (...args: infer A) => unknown ? (A extends readonly [infer G, ...unknown[]] ? G : undefined) : undefined;

/** What is given to `setup` or to the constructor. */
type GivenOf<R> = R extends abstract new (...args: infer A) => infer Instance
  ? A extends readonly [infer G, ...unknown[]]
    ? G
    : Instance extends { setup: infer S }
      ? First<S>
      : undefined
  : R extends { setup: infer S }
    ? First<S>
    : undefined;

/** The arguments of a Runtime: those of `prepare`, else what `setup` or the constructor takes; `undefined` when it takes none. */
export type ArgsOf<R> = R extends { prepare: infer P } ? First<P> : GivenOf<R>;
