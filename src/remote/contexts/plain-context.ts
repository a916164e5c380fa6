// Contexts of plain programs: functions are found by their place, nothing is recorded.
import { registerOwn } from '../../base/recorder.ts';
import { callFrames, type CallFrame } from '../../platform/engine/call-sites.ts';
import { CallLimits, checkCallOptions } from '../calls/call-limits.ts';
import { callerStack } from '../caller-stack.ts';
import { crossesAsContext } from '../child/core/calls/crossing.ts';
import type { Caller, Context } from './context.ts';
import type { Crossed, Sendable } from './crossed.ts';
import type { ContextFacts } from '../hosts/host.ts';
import { lostError } from '../calls/lost-error.ts';
import type { Opened, Opening } from './opening.ts';
import type { CallOptions } from '../calls/call-options.ts';
import { plainCalls } from '../calls/plain-calls.ts';
import { Semaphore } from '../calls/semaphore.ts';

const CLOSE_MS = 5000;
let nextChain = 1;

/** A chain of one `with`: calls leave in the order in which they were made. */
interface Chain {
  readonly name: string;
  sent: Promise<void>;
}

/** A Context of a program that is not a session. */
export class PlainContext implements Context {
  /** @internal What is behind it. */
  readonly opening: Opening;
  readonly #limits = new CallLimits();

  constructor(opening: Opening) {
    this.opening = opening;
    crossesAsContext(this, () => ({ id: this.info.id, name: this.name }));
  }

  get name(): string {
    return this.opening.recipe.name;
  }

  get info(): ContextFacts {
    const { last } = this.opening;
    if (last === undefined) throw this.opening.notOpen();
    return last.facts;
  }

  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: Sendable<A>): Promise<Crossed<Awaited<R>>> {
    return this.#call(fn, args, callFrames(), new Error(), {}, undefined, undefined);
  }

  with(options: CallOptions): Caller {
    checkCallOptions(options);
    const own = options.concurrency === undefined ? undefined : new Semaphore(options.concurrency);
    const chain = options.chain === undefined ? undefined : { name: `${options.chain}#${nextChain++}`, sent: Promise.resolve() };
    return {
      call: (fn, ...args) => this.#call(fn, args, callFrames(), new Error(), options, own, chain),
    };
  }

  async close(): Promise<void> {
    await this.opening.close(CLOSE_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // oxlint-disable-next-line max-params -- what was taken at the call, before the first await
  async #call<R>(
    fn: unknown,
    args: readonly unknown[],
    frames: readonly CallFrame[],
    place: Error,
    options: CallOptions,
    own: Semaphore | undefined,
    chain: Chain | undefined,
  ): Promise<Crossed<Awaited<R>>> {
    const { side } = this.opening;
    const before = chain?.sent;
    let sent: () => void = () => {};
    if (chain !== undefined) chain.sent = new Promise((resolve) => (sent = resolve));
    try {
      const calls = await side.hold(plainCalls());
      const identified = await side.hold(calls.identify(fn, frames));
      await before;
      const opened = this.#live(identified.label);
      const order = (): Promise<unknown> => {
        const answer = side.call({
          id: opened.id,
          name: this.name,
          identified,
          args,
          signal: options.signal,
          timeoutMs: options.timeoutMs,
          chain: chain?.name,
          errorClass: (name) => calls.errorClass(fn, name),
          stack: callerStack(place),
        });
        sent();
        return answer;
      };
      const what = `${this.name}: ${identified.label}`;
      const never = options.signal ?? new AbortController().signal;
      const value = chain === undefined ? this.#limits.run(what, own, never, order) : this.#limits.runChained(what, order);
      return (await value) as Crossed<Awaited<R>>;
    } finally {
      sent();
    }
  }

  /** The live process: a plain context that is gone stays gone until its opener is called again. */
  #live(label: string): Opened {
    const { last } = this.opening;
    if (last === undefined) throw this.opening.notOpen();
    if (last.lost !== undefined) throw lostError(`${this.name}: ${label}`, last.lost);
    return last;
  }
}

registerOwn(PlainContext);
