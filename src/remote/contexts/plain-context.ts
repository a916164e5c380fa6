// Contexts of plain programs: functions are found by their place, nothing is recorded.
import type { TargetVars } from '../../base/inventory/inventory.ts';
import { registerOwn } from '../../base/recorder.ts';
import { Secret } from '../../base/secret.ts';
import { callFrames, type CallFrame } from '../../platform/engine/call-sites.ts';
import { CallLimits, checkCallOptions } from '../calls/call-limits.ts';
import type { CallOrder } from '../calls/call-side.ts';
import { identifyOwn, type OwnCall, type OwnCaller, type OwnWork } from '../calls/own-calls.ts';
import { callerStack } from '../caller-stack.ts';
import { crossesAsContext } from '../child/core/calls/crossing.ts';
import type { ChannelReader } from '../child/core/channels/channel-reading.ts';
import { createShell, type Shell } from '../commands/shell.ts';
import type { Caller, Context } from './context.ts';
import type { Crossed, Sendable } from '../../base/crossed.ts';
import { createFiles, type Files } from '../files/files.ts';
import type { ContextFacts } from '../hosts/host.ts';
import { lostError } from '../calls/lost-error.ts';
import { checkDetach, type DetachOptions } from '../detached/options.ts';
import { tokenOf } from '../detached/token.ts';
import type { Opened, Opening } from './opening.ts';
import { closeGraceMs, type CloseOptions } from '../calls/close-options.ts';
import type { CallOptions } from '../calls/call-options.ts';
import type { CallOrigin } from '../calls/call-origin.ts';
import { loadedCalls, plainCalls } from '../calls/plain-calls.ts';
import { nextChainNumber } from '../calls/chain-numbers.ts';
import { Semaphore } from '../calls/semaphore.ts';

/** A chain of one `with`: calls leave in the order in which they were made. */
interface Chain {
  readonly name: string;
  sent: Promise<void>;
}

/** A Context of a program that is not a session. */
export class PlainContext implements Context, OwnCaller {
  /** @internal What is behind it. */
  readonly opening: Opening;
  readonly #limits = new CallLimits();
  /** Calls whose function is looked for: they have been made, and not left. */
  readonly #looking = new Set<Promise<unknown>>();
  #shell: Shell | undefined;
  #files: Files | undefined;

  constructor(opening: Opening) {
    this.opening = opening;
    crossesAsContext(this, () => ({ id: this.info.id, name: this.name }));
  }

  get name(): string {
    return this.opening.recipe.name;
  }

  get vars(): TargetVars {
    return this.opening.vars;
  }

  get info(): ContextFacts {
    const { last } = this.opening;
    if (last === undefined) throw this.opening.notOpen();
    return last.facts;
  }

  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: Sendable<A>): Promise<Crossed<Awaited<R>>> {
    return this.#call(fn, args, framesFor(fn), new Error(), {}, undefined, undefined);
  }

  with(options: CallOptions): Caller {
    checkCallOptions(options);
    const own = options.concurrency === undefined ? undefined : new Semaphore(options.concurrency);
    const chain = options.chain === undefined ? undefined : { name: `${options.chain}#${nextChainNumber()}`, sent: Promise.resolve() };
    return {
      call: (fn, ...args) => this.#call(fn, args, framesFor(fn), new Error(), options, own, chain),
    };
  }

  /** @internal A call that was asked for elsewhere. */
  callFrom<R>({ frames, place }: CallOrigin, fn: unknown, args: readonly unknown[], options: CallOptions): Promise<Crossed<Awaited<R>>> {
    return this.#call(fn, args, frames, place, options, undefined, undefined);
  }

  get $(): Shell {
    return (this.#shell ??= createShell(this));
  }

  get files(): Files {
    return (this.#files ??= createFiles(this));
  }

  async close(options?: CloseOptions): Promise<void> {
    await this.opening.close(closeGraceMs(options));
  }

  async detach(options: DetachOptions): Promise<Secret> {
    checkDetach(options);
    options.signal?.throwIfAborted();
    // Calls that were made before it leave before it.
    while (this.#looking.size > 0) await Promise.allSettled(this.#looking);
    await this.opening.side.clock.sleep(0);
    return new Secret(tokenOf(await this.opening.detach(options)));
  }

  async #looksFor<T>(found: Promise<T>): Promise<T> {
    this.#looking.add(found);
    try {
      return await this.opening.side.hold(found);
    } finally {
      this.#looking.delete(found);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // oxlint-disable-next-line max-params -- what was taken at the call, before the first await
  async #call<R>(
    fn: unknown,
    args: readonly unknown[],
    frames: readonly CallFrame[] | undefined,
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
      const known = loadedCalls()?.known(fn);
      const calls = loadedCalls() ?? (await this.#looksFor(plainCalls()));
      const identified = known ?? (await this.#looksFor(calls.identify(fn, frames ?? [])));
      await before;
      const opened = this.#live(identified.label);
      const { signal, timeoutMs } = options;
      const errorClass: CallOrder['errorClass'] = (name) => calls.errorClass(fn, name);
      const common = { id: opened.id, name: this.name, identified, args, signal, timeoutMs };
      const order = (): Promise<unknown> => {
        const answer = side.call({ ...common, chain: chain?.name, errorClass, stack: () => callerStack(place) });
        sent();
        return answer;
      };
      const what = `${this.name}: ${identified.label}`;
      const value = chain === undefined ? this.#limits.run(what, own, options.signal, order) : this.#limits.runChained(what, order);
      return (await value) as Crossed<Awaited<R>>;
    } finally {
      sent();
    }
  }

  /** @internal A call of a function of ours. */
  async callOwn(call: OwnCall): Promise<unknown> {
    const { args, finish, finishSteps, label, place, ships, signal, timeoutMs } = call;
    const { side } = this.opening;
    const { id } = this.#live(label);
    const wrapReader = (reader: ChannelReader): AsyncIterable<unknown> => side.iterable(finishSteps?.(reader) ?? reader);
    const order: CallOrder = {
      id,
      name: this.name,
      identified: identifyOwn(call),
      args,
      signal,
      timeoutMs,
      ships,
      wrapReader,
      stack: () => callerStack(place),
    };
    const value = await this.#limits.run(`${this.name}: ${label}`, undefined, signal, () => side.call(order));
    return finish === undefined ? value : finish(value);
  }

  /** @internal Work of several such calls. */
  workOwn<T>({ run, signal }: OwnWork<T>): Promise<T> {
    return this.opening.side.hold(run(signal ?? new AbortController().signal));
  }

  /** The live process: a plain context that is gone stays gone until its opener is called again. */
  #live(label: string): Opened {
    const { last } = this.opening;
    if (last === undefined) throw this.opening.notOpen();
    const lost = last.lost ?? this.opening.leaves;
    if (lost !== undefined) throw lostError(`${this.name}: ${label}`, lost);
    return last;
  }
}

/** Where a function that nobody has looked for yet is called from. Must be asked in the turn of the call; a known one needs no place. */
function framesFor(fn: unknown): readonly CallFrame[] | undefined {
  return loadedCalls()?.known(fn) === undefined ? callFrames(13) : undefined;
}

registerOwn(PlainContext);
