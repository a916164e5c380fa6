// Runs the steps of one life, where it runs. Owns the instance and its signal; the process or thread around it ends when `begin` has
// resolved.
//   D1. The steps run in the order of the contract, each once; teardown runs if and only if setup has returned.
//   D2. `over` is sent once, as the last report.
//   D3. Nothing that a step or a call throws gets past here.
//   D4. Each call is answered once. Drain is over when no call is under way.
import { AsyncLocalStorage } from 'node:async_hooks';
import { makeLife, type LifeSteps } from '../contract/check-runtime.ts';
import type { UnitSelf } from '../contract/runtime.ts';
import { CallSignal } from './call-signal.ts';
import {
  MOST_EXTEND_MS,
  type Answer,
  type Begin,
  type CallOrder,
  type Order,
  type Report,
  type UnitCall,
  type UnitPhase,
} from './messages.ts';
import { plainError } from './plain-error.ts';

/** What the driver needs of its thread or process. */
export interface DriverPorts {
  send(report: Report): void;
  /** Resolves in the next macrotask. */
  turn(): Promise<void>;
}

type Settled = { readonly how: 'returned' } | { readonly how: 'threw'; readonly error: unknown } | { readonly how: 'left' };

/** The steps of one life. */
export class UnitDriver {
  readonly #ports: DriverPorts;
  readonly #stop = new AbortController();
  #phase: UnitPhase = 'load';
  #hasFailed = false;
  #isReady = false;
  #leave: () => void = () => {};
  #unit: UnitSelf | undefined;
  /** Of a good setup. */
  #steps: LifeSteps | undefined;
  readonly #calls = new Map<number, CallSignal>();
  #underWay = 0;
  readonly #ofCall = new AsyncLocalStorage<CallSignal>();
  #whenIdle: () => void = () => {};
  readonly #left: Promise<Settled>;

  constructor(ports: DriverPorts) {
    this.#ports = ports;
    this.#left = new Promise((resolve) => {
      this.#leave = () => resolve({ how: 'left' });
    });
  }

  /** Runs everything; resolves with the exit code that the end deserves. @param load gives the Runtime */
  async begin(order: Begin, load: () => Promise<unknown>): Promise<number> {
    const { send } = this.#ports;
    const unit = this.#self(order);
    this.#unit = unit;
    const steps = await this.#prepared(order, unit, load);
    if (steps === undefined) {
      send({ kind: 'over', how: this.#hasFailed ? 'failed' : 'cancelled', isTornDown: false });
      return this.#hasFailed ? 1 : 0;
    }
    this.#steps = steps;
    const how = await this.#run(order, steps, unit);
    this.#steps = undefined;
    this.#enter('teardown');
    const down = await this.#within(() => steps.teardown(unit));
    if (down.how === 'threw') this.#failed('threw', down.error);
    send({ kind: 'over', how: this.#hasFailed && down.how !== 'threw' ? 'failed' : how, isTornDown: down.how === 'returned' });
    return this.#hasFailed ? 1 : 0;
  }

  /** The signal fires, or run is left; a call is made or given up; work is ended. */
  onOrder(order: Exclude<Order, Begin>): void {
    if (order.kind === 'call') return void this.#answer(order);
    if (order.kind === 'abort') return this.#calls.get(order.id)?.abort();
    if (order.kind === 'drain') return void this.#drain();
    if (!this.#stop.signal.aborted) this.#stop.abort();
    if (order.kind === 'leave') this.#leave();
  }

  /** Calls a method. Never rejects; a call of a unit that does not run is answered by its end. */
  async call(call: UnitCall, signal: AbortSignal | undefined): Promise<Answer> {
    return await this.#call(call, new CallSignal(signal));
  }

  async #call({ args, method }: UnitCall, signal: CallSignal): Promise<Answer> {
    const steps = this.#steps;
    if (steps === undefined) return await new Promise<never>(() => {});
    this.#underWay++;
    try {
      return {
        how: 'returned',
        value: await this.#ofCall.run(signal, () => steps.call(method, args)),
      };
    } catch (error) {
      return { how: 'threw', error: plainError(error) };
    } finally {
      if (--this.#underWay === 0) this.#whenIdle();
    }
  }

  /** A call that came with the orders. */
  async #answer({ id, ...call }: Extract<CallOrder, { readonly kind: 'call' }>): Promise<void> {
    const signal = new CallSignal();
    this.#calls.set(id, signal);
    const answer = await this.#call(call, signal);
    this.#calls.delete(id);
    try {
      this.#ports.send({ kind: 'answer', id, ...answer });
    } catch (error) {
      // Its value cannot cross.
      this.#ports.send({ kind: 'answer', id, how: 'threw', error: plainError(error) });
    }
  }

  async #drain(): Promise<void> {
    const { send } = this.#ports;
    const [steps, unit] = [this.#steps, this.#unit];
    const idle = new Promise<void>((resolve) => (this.#whenIdle = resolve));
    if (steps !== undefined && unit !== undefined) {
      const drained = await this.#within(() => steps.drain(unit), this.#left);
      if (drained.how === 'threw') send({ kind: 'failed', phase: 'drain', how: 'threw', error: plainError(drained.error) });
    }
    if (this.#underWay > 0) await idle;
    // The last answer leaves before it.
    await this.#ports.turn();
    send({ kind: 'drained' });
  }

  /** An error that no step threw: the state of the unit is unknown, so it is asked to end and has failed. */
  uncaught(error: unknown): void {
    this.#failed('uncaught', error);
    if (!this.#stop.signal.aborted) this.#stop.abort();
  }

  /** The instance after a good setup; undefined when there is none to run. */
  async #prepared(order: Begin, unit: UnitSelf, load: () => Promise<unknown>): Promise<LifeSteps | undefined> {
    this.#enter('load');
    let steps: LifeSteps | undefined;
    const made = await this.#within(async () => {
      const runtime = await load();
      this.#enter('setup');
      steps = makeLife(runtime, order.given, order.runtime.label);
      await steps.setup(order.given, unit);
    }, this.#left);
    if (made.how === 'threw' && !this.#isCancelled(made.error)) this.#failed('threw', made.error);
    return made.how === 'returned' ? steps : undefined;
  }

  async #run(order: Begin, steps: LifeSteps, unit: UnitSelf): Promise<'returned' | 'cancelled' | 'failed'> {
    const { signal } = this.#stop;
    // Cancelled or failed during setup: run is not begun, teardown follows.
    if (signal.aborted) return this.#hasFailed ? 'failed' : 'cancelled';
    this.#enter('run');
    let isSettled = false;
    const running = this.#within(() => steps.run(signal, unit), this.#left).then((settled) => {
      isSettled = true;
      return settled;
    });
    if (!order.tellsReady) {
      await this.#ports.turn();
      if (!isSettled) this.#ready();
    }
    const settled = await running;
    if (this.#hasFailed) return 'failed';
    if (settled.how === 'left') return 'cancelled';
    if (settled.how === 'threw' && !this.#isCancelled(settled.error)) {
      this.#failed('threw', settled.error);
      return 'failed';
    }
    // What has done its work at once was ready on its way.
    if (!order.tellsReady) this.#ready();
    return signal.aborted ? 'cancelled' : 'returned';
  }

  /** What a step came to. */
  async #within(step: () => unknown, orElse?: Promise<Settled>): Promise<Settled> {
    const work = (async (): Promise<Settled> => {
      try {
        await step();
        return { how: 'returned' };
      } catch (error) {
        return { how: 'threw', error };
      }
    })();
    return orElse === undefined ? await work : await Promise.race([work, orElse]);
  }

  /** Whether what was thrown is the word of the unit's own signal. */
  #isCancelled(thrown: unknown): boolean {
    const { signal } = this.#stop;
    return signal.aborted && (thrown === signal.reason || plainError(thrown).name === 'AbortError');
  }

  #enter(phase: UnitPhase): void {
    this.#phase = phase;
    this.#ports.send({ kind: 'phase', phase });
  }

  #failed(how: 'threw' | 'uncaught', error: unknown): void {
    this.#hasFailed = true;
    this.#ports.send({ kind: 'failed', phase: this.#phase, how, error: plainError(error) });
  }

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#ports.send({ kind: 'ready' });
  }

  #self({ life, name }: Begin): UnitSelf {
    const ofCall = (): AbortSignal => {
      return this.#ofCall.getStore()?.with(this.#stop.signal) ?? this.#stop.signal;
    };
    return {
      get callSignal() {
        return ofCall();
      },
      name,
      life,
      signal: this.#stop.signal,
      ready: () => this.#ready(),
      alive: () => this.#ports.send({ kind: 'alive' }),
      extend: (ms) => {
        if (!(ms >= 0 && ms <= MOST_EXTEND_MS))
          throw new RangeError(`unit.extend takes 0 to ${MOST_EXTEND_MS} milliseconds, not ${String(ms)}`);
        this.#ports.send({ kind: 'extend', ms });
      },
    };
  }
}
