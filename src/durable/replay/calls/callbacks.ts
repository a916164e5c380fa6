// Functions of the program that were handed to a boundary as its last argument: callbacks and listeners. Each call of one is an event, delivered by the
// pump, in record and replay. The boundary gets a channel instead of the function; what the function returns does not reach it.
import type { CallbackEvent } from '../../journal/events/event.ts';
import { classNameOf } from '../live/live-objects.ts';
import { LOST_INDEX } from '../live/lost-index.ts';
import type { Results } from '../live/results.ts';
import { textOf } from '../kinds/brand-of.ts';
import { isFunction, type AnyFunction } from '../kinds/value-checks.ts';

/** One argument of a callback: data, or a live object of a class. */
type Passed = readonly ['value', unknown] | readonly ['live', string];

/** What the channels need of their session. */
export interface ChannelHost {
  readonly results: Results;
  /** Something is called back: `make` gives the event when it is appended, `live` what of it is live. */
  arrive(make: (atMs: number) => CallbackEvent, live: object): void;
  /** A live object of a callback, known from now on. */
  adopt(id: number, value: object): void;
  standIn(id: number, className: string): object;
  /** Follows the code that runs now. */
  snapshot(): <R>(run: () => R) => R;
  /** The program's callback threw. */
  crash(error: unknown): void;
}

/** A class is no callback. */
const isClass = (fn: AnyFunction): boolean => /^class\b/.test(textOf(fn));

interface Channel {
  readonly fn: AnyFunction;
  readonly enter: <R>(run: () => R) => R;
}

/** The channels of one session. */
export class Channels {
  readonly #host: ChannelHost;
  readonly #channels = new Map<number, Channel[]>();

  constructor(host: ChannelHost) {
    this.#host = host;
  }

  /** Whether any call was given functions of the program. */
  get isOpen(): boolean {
    return this.#channels.size > 0;
  }

  /** Whether the call has functions of the program. */
  has(id: number): boolean {
    return this.#channels.has(id);
  }

  /** The arguments, with a channel in the place of a function that stands last, whatever made it. */
  wrap(id: number, args: readonly unknown[]): readonly unknown[] {
    const last = args.at(-1);
    return isFunction(last) && !isClass(last) ? [...args.slice(0, -1), this.#channel(id, last)] : args;
  }

  #channel(id: number, fn: AnyFunction): AnyFunction {
    const channels = this.#channels.get(id) ?? [];
    this.#channels.set(id, channels);
    const index = channels.length;
    channels.push({ fn, enter: this.#host.snapshot() });
    const host = this.#host;
    return (...args) => {
      const passed = args.map((arg) => this.#pass(id, arg));
      const bytes = host.results.data(
        'the arguments of a callback',
        passed.map(([kind, value]) => [kind, kind === 'live' ? classNameOf(value) : value]),
      );
      host.arrive((atMs) => ({ t: 'cb', id, index, atMs, args: bytes }), args);
    };
  }

  #pass(id: number, arg: unknown): readonly ['value' | 'live', unknown] {
    const { outcome, live } = this.#host.results.sync('a callback', arg);
    if (live !== undefined) {
      this.#host.adopt(id, live);
      return ['live', live];
    }
    return outcome.kind === 'value' ? ['value', this.#host.results.read(outcome.bytes)] : ['value', undefined];
  }

  /** Calls the program's function, in a microtask. @returns whether there is one */
  deliver(event: CallbackEvent, live: object | undefined): boolean {
    const passed = this.#host.results.read(event.args) as readonly Passed[];
    if (event.index === LOST_INDEX) {
      this.#host.crash(passed[0]?.[1]);
      return true;
    }
    const channel = this.#channels.get(event.id)?.[event.index];
    if (channel === undefined) return false;
    const args = passed.map((one, i): unknown => {
      if (one[0] === 'value') return one[1];
      return live === undefined ? this.#host.standIn(event.id, one[1]) : Reflect.get(live, i);
    });
    void Promise.resolve().then(() => {
      try {
        channel.enter(() => Reflect.apply(channel.fn, undefined, args));
      } catch (error) {
        this.#host.crash(error);
      }
    });
    return true;
  }

  clear(): void {
    this.#channels.clear();
  }
}
