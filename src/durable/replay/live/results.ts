// How what comes back from the outside is recorded: as data where it is data, as a live object where it has behaviour, as an error.
import { ResproutError, codeOf, toError } from '../../../base/errors/errors.ts';
import type { Outcome } from '../../journal/events/event.ts';
import type { NodeKinds } from '../../journal/values/node-kinds.ts';
import { NotRecordable } from '../../journal/values/not-recordable.ts';
import { decodeRecorded, encodeRecorded } from '../../journal/values/recorded-value.ts';
import { settleBodies } from '../../journal/bodies/settle-bodies.ts';
import { isDataInstance, packData, reviveData } from './data-classes.ts';
import { classNameOf } from './live-objects.ts';
import { isObject } from '../kinds/value-checks.ts';

const MOST_CHARS = 10_000;

/** A text of an error that could not be written whole; reading it may be what throws. */
function textOf(error: Error, key: 'name' | 'message' | 'stack'): string {
  try {
    return String(error[key]).slice(0, MOST_CHARS);
  } catch {
    return `[its ${key} could not be read]`;
  }
}

/** An outcome, and the object itself when it is live. */
export interface Recorded {
  readonly outcome: Outcome;
  readonly live?: object | undefined;
}

/** What the codec of one session needs. */
export interface ResultOptions {
  readonly kinds: NodeKinds;
  readonly limitBytes: number;
  /** A class of the session by its name. */
  readonly classNamed: (name: string) => unknown;
  /** A class of node:fs by its name. */
  readonly builtinClass: (name: string) => unknown;
}

const hasPrototype = (value: unknown): value is { readonly prototype: object } =>
  typeof value === 'function' && isObject(Reflect.get(value, 'prototype'));

/** Writes and reads the values of one session. */
export class Results {
  readonly #options: ResultOptions;

  constructor(options: ResultOptions) {
    this.#options = options;
  }

  /** The result of a synchronous call. Instances with methods are live: they can be made again. */
  sync(fn: string, value: unknown): Recorded {
    if (isDataInstance(value)) return this.#record(fn, value, () => this.data(`the result of ${fn}`, packData(value)));
    return this.#record(fn, value, () => encodeRecorded(value, { ...this.#encode(fn), ghosts: false, behaviourIsLive: true }).bytes);
  }

  /** The settled result of an asynchronous call. Bodies and streams inside it are read to their end. */
  async settled(fn: string, given: unknown, liveAllowed: boolean): Promise<Recorded> {
    const value = isDataInstance(given) ? packData(given) : given;
    try {
      const bodies = isObject(value)
        ? await settleBodies(value, { kinds: this.#options.kinds, limitBytes: this.#options.limitBytes })
        : undefined;
      const found = this.#record(
        fn,
        value,
        () => encodeRecorded(value, bodies === undefined ? this.#encode(fn) : { ...this.#encode(fn), bodies }).bytes,
      );
      if (found.live === undefined || liveAllowed) return found;
      throw new ResproutError(
        'JOURNAL_VALUE_UNRECORDABLE',
        `the result of ${fn} is a ${classNameOf(value)}, which has no form in the journal`,
        {
          tried: `record the result of ${fn}`,
          do: 'Return plain data',
        },
      );
    } catch (error) {
      return { outcome: this.error(fn, error) };
    }
  }

  /** A value that is data or nothing: arguments, signals, the result of the program. @throws ResproutError */
  data(what: string, value: unknown): Uint8Array {
    return encodeRecorded(value, { ...this.#encode(what), root: what }).bytes;
  }

  /** A value of an event: data, or an error. What cannot be written of it becomes an error that says so. */
  anything(what: string, value: unknown): Uint8Array {
    try {
      return this.data(what, value);
    } catch (error) {
      return this.data(what, error);
    }
  }

  /** A thrown value. What cannot be written of it becomes an error with its text. */
  error(fn: string, thrown: unknown): Outcome {
    try {
      return { kind: 'error', bytes: encodeRecorded(thrown, { ...this.#encode(fn), root: 'error' }).bytes };
    } catch {
      const error = toError(thrown);
      const code = codeOf(error);
      const message = textOf(error, 'message');
      const plain = code === undefined ? new Error(message) : new ResproutError(code, message);
      for (const key of ['name', 'stack'] as const) Object.defineProperty(plain, key, { value: textOf(error, key), configurable: true });
      return { kind: 'error', bytes: encodeRecorded(plain, { ...this.#encode(fn), root: 'error' }).bytes };
    }
  }

  /** The program's copy of a recorded value. */
  read(bytes: Uint8Array): unknown {
    const value = decodeRecorded(bytes, {
      kinds: this.#options.kinds,
      errorClass: (name) => {
        const found = this.#options.classNamed(name);
        return hasPrototype(found) ? found : undefined;
      },
    });
    return reviveData(value, this.#options.builtinClass);
  }

  #encode(fn: string): { readonly kinds: NodeKinds; readonly limitBytes: number; readonly root: string } {
    return { kinds: this.#options.kinds, limitBytes: this.#options.limitBytes, root: `the result of ${fn}` };
  }

  #record(fn: string, value: unknown, encode: () => Uint8Array): Recorded {
    try {
      return { outcome: { kind: 'value', bytes: encode() } };
    } catch (error) {
      if (error instanceof NotRecordable && error.isLive && isObject(value))
        return { outcome: { kind: 'live', className: classNameOf(value) }, live: value };
      return { outcome: this.error(fn, error) };
    }
  }
}
