// Work on many things at once: how many run, in which order what came of them is told, and how all of it ends.
// Invariants:
//   F1. Every task has one outcome, or the iterable ends with the reason why it has not.
//   F2. Nothing starts after the end: an abort, a loop that was left, or the last failure that is allowed.
//   F3. What starts when depends on the options and on the order of completions alone, so that a session that is replayed starts the same.
import { deferred, type Deferred } from '../../base/deferred.ts';
import { ResproutError, toError } from '../../base/errors/errors.ts';
import { registerOwn } from '../../base/recorder.ts';
import { afterMicrotasks } from '../../platform/time/after-microtasks.ts';
import type { FanLimits } from './fan-options.ts';

/** One piece of work. */
export interface Task<R> {
  /** Does it. @param signal fires when nobody waits for it any more */
  run(signal: AbortSignal): Promise<R>;
  /** The outcome when it threw, or was never started. */
  failed(error: unknown): R;
}

/** Whether work went well is in its outcome. */
export interface Settled {
  readonly ok: boolean;
}

/**
 * What comes of many pieces of work. A loop over it gets each outcome when it is there, in the order of completion; `all()` waits for all and
 * has them in the order of the list. It goes on by itself, read or not. A loop that is left ends what still runs.
 */
export class Completions<R extends Settled> implements AsyncIterableIterator<R, undefined> {
  #tasks: readonly Task<R>[] | undefined;
  readonly #limits: FanLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#abort(this.#signal?.reason);
  /** Of what runs. */
  readonly #stops = new Set<AbortController>();
  readonly #outcomes: (R | undefined)[] = [];
  /** Numbers of tasks that have ended and were not read yet, in the order of their ends. */
  readonly #ready: number[] = [];
  readonly #waiting: Deferred<IteratorResult<R, undefined>>[] = [];
  #started = 0;
  #running = 0;
  #told = 0;
  #failed = 0;
  /** Why it has no more outcomes. */
  #aborted: unknown;
  #isLeft = false;

  /** @param tasks known at once, or asked for first: an error of that ends it */
  constructor(tasks: readonly Task<R>[] | Promise<readonly Task<R>[]>, limits: FanLimits, signal: AbortSignal | undefined) {
    this.#limits = limits;
    this.#signal = signal;
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (!(tasks instanceof Promise)) this.#begin(tasks);
    else
      void tasks.then(
        (known) => this.#begin(known),
        (error: unknown) => this.#end(error),
      );
  }

  #begin(tasks: readonly Task<R>[]): void {
    this.#tasks = tasks;
    this.#fill();
    if (tasks.length === 0) this.#letGo();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next outcome. @throws ResproutError REMOTE_CALL_ABORTED when the signal has ended it */
  next(): Promise<IteratorResult<R, undefined>> {
    const at = this.#ready.shift();
    const outcome = at === undefined ? undefined : this.#outcomes[at];
    if (outcome !== undefined) return Promise.resolve({ done: false, value: outcome });
    if (this.#aborted !== undefined) return Promise.reject(toError(this.#aborted));
    if (this.#isLeft || this.#told === this.#tasks?.length) return Promise.resolve({ done: true, value: undefined });
    const waiting = deferred<IteratorResult<R, undefined>>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** Leaves it: what still runs is aborted, nothing more is started. Called by a loop that is left. */
  return(): Promise<IteratorResult<R, undefined>> {
    this.#isLeft = true;
    this.#ready.length = 0;
    for (const stop of this.#stops) stop.abort(new ResproutError('REMOTE_CALL_ABORTED', 'nobody reads what comes of it any more'));
    this.#letGo();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Waits for all that nobody has read yet. @returns every outcome, in the order of the list @throws ResproutError REMOTE_CALL_ABORTED when the signal has ended it */
  async all(): Promise<R[]> {
    while ((await this.next()).done !== true);
    return this.#outcomes.filter((outcome) => outcome !== undefined);
  }

  get #isOver(): boolean {
    return this.#isLeft || this.#aborted !== undefined;
  }

  get #isStopped(): boolean {
    return this.#failed >= this.#limits.stopAfter;
  }

  /** Starts what may start now. */
  #fill(): void {
    const { batch, concurrency } = this.#limits;
    const tasks = this.#tasks ?? [];
    while (!this.#isOver && !this.#isStopped && this.#started < tasks.length) {
      // A batch begins when the one before it has ended.
      if (this.#running >= concurrency || (this.#running > 0 && this.#started % batch === 0)) return;
      this.#start(this.#started++);
    }
    // What ran when it was stopped has ended: the rest is told.
    if (this.#isStopped && this.#running === 0 && !this.#isOver)
      while (this.#started < tasks.length) this.#tell(this.#started, tasks[this.#started++]?.failed(this.#notStarted()));
  }

  #start(at: number): void {
    const task = this.#tasks?.[at];
    if (task === undefined) return;
    const stop = new AbortController();
    this.#stops.add(stop);
    this.#running++;
    // The signal of the caller also ends streams that a call has returned; leaving the loop ends what runs.
    void begun(task, this.#signal === undefined ? stop.signal : AbortSignal.any([this.#signal, stop.signal])).then((outcome) => {
      this.#stops.delete(stop);
      this.#running--;
      if (this.#isOver) return;
      if (!outcome.ok) this.#failed++;
      this.#tell(at, outcome);
      // A loop that reads it may leave here: what it does first comes before anything is started.
      afterMicrotasks(() => this.#fill());
    });
  }

  #tell(at: number, outcome: R | undefined): void {
    if (outcome === undefined) return;
    this.#outcomes[at] = outcome;
    this.#told++;
    const first = this.#waiting.shift();
    if (first === undefined) this.#ready.push(at);
    else first.resolve({ done: false, value: outcome });
    if (this.#told === this.#tasks?.length) this.#letGo();
  }

  /** It has ended: nobody waits any more, and the signal of the caller is left alone. */
  #letGo(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    for (const waiting of this.#waiting.splice(0)) waiting.resolve({ done: true, value: undefined });
  }

  #abort(reason: unknown): void {
    if (this.#isOver || this.#told === this.#tasks?.length) return;
    const saw =
      this.#tasks === undefined ? 'nothing had begun' : `${this.#tasks.length - this.#told} of ${this.#tasks.length} had not ended`;
    this.#end(new ResproutError('REMOTE_CALL_ABORTED', `it was aborted by its signal: ${saw}`, { saw }, { cause: reason }));
  }

  #end(error: unknown): void {
    if (this.#isOver) return;
    this.#aborted = error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    this.#letGo();
  }

  #notStarted(): ResproutError {
    const { stopAfter } = this.#limits;
    return new ResproutError('REMOTE_NOT_STARTED', `it was not started: ${this.#failed} had failed, which ends it at ${stopAfter}`);
  }
}

/** Runs a task; a throw before its first await is an outcome too. */
async function begun<R>(task: Task<R>, signal: AbortSignal): Promise<R> {
  try {
    return await task.run(signal);
  } catch (error) {
    return task.failed(error);
  }
}

registerOwn(Completions);
