// Values of one call on their way across: what is copied, what goes by reference, and what has to be let go when the call is over.
import { types } from 'node:util';
import type { ContextId } from '../../../../base/brand.ts';
import { ResproutError } from '../../../../base/errors/errors.ts';
import { isSecret, Secret } from '../../../../base/secret.ts';
import { REMOTE_TAG } from '../../../../wire/tags/extension-tags.ts';
import { HANDLE } from '../../../../wire/frames/handles.ts';
import { decodeValue } from '../../../../wire/values/value-decode.ts';
import type { Written } from '../../../../wire/bytes/byte-writer.ts';
import { encodePart, encodeToBytes } from '../../../../wire/values/value-encode.ts';
import type { ValueExtension } from '../../../../wire/values/value-extension.ts';
import type { ErrorConstructorLike } from '../../../../wire/values/value-options.ts';
import { iterableOf, type ChannelReader, type ChannelReading } from '../channels/channel-reading.ts';
import type { Channels } from '../channels/channels.ts';
import type { Message } from '../messages/messages.ts';

/** Key under which a Context tells its id and name: `context[CONTEXT_KEY]`. */
const CONTEXT_KEY: unique symbol = Symbol.for('resprout.context') as never;

/** What a Context shows of itself when it crosses. */
export interface ContextReference {
  readonly id: number;
  readonly name: string;
}

/** Lets an object cross as a reference to a context. */
export function crossesAsContext(object: object, reference: () => ContextReference): void {
  Object.defineProperty(object, CONTEXT_KEY, { get: reference });
}

/** What crossings of one thread share. */
export interface CrossingPorts {
  readonly channels: Channels;
  send(message: Omit<Message, 'src'>): void;
  /** The Context for a reference that comes from a peer. */
  context(reference: ContextReference): object;
  /** An own class for the reader of a channel: sessions record each step. */
  wrapReader?(reader: ChannelReader, channel: number): AsyncIterable<unknown>;
}

/** How the values of one call are read. */
export interface CrossingOptions {
  readonly errorClass?: ((name: string) => ErrorConstructorLike | undefined) | undefined;
  /** Told of each error that is read. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Told of each stream that is read. */
  readonly onReader?: ((reader: ChannelReading) => void) | undefined;
  /** The error of a stream whose other side is gone. */
  readonly lost: () => Error;
}

/** Signals that came with arguments: number of the sender to the controller that mirrors it. */
export type MirroredSignals = Map<string, AbortController>;

/** One call's values. `dispose` when it is over. */
export class Crossing {
  readonly #ports: CrossingPorts;
  readonly #peer: ContextId;
  readonly #signals: MirroredSignals;
  readonly #errorClass: (name: string) => ErrorConstructorLike | undefined;
  readonly #options: CrossingOptions;
  readonly #extensions: readonly ValueExtension[];
  readonly #cleanups: (() => void)[] = [];
  readonly #offered: number[] = [];

  constructor(ports: CrossingPorts, peer: ContextId, signals: MirroredSignals, options: CrossingOptions) {
    this.#ports = ports;
    this.#peer = peer;
    this.#signals = signals;
    this.#options = options;
    this.#errorClass = (name) => (name === 'ResproutError' ? ResproutError : options.errorClass?.(name));
    this.#extensions = [bufferExtension, secretExtension, this.#contexts(), this.#abortSignals(), this.#iterables()];
  }

  /** To be part of a message at once. @param root what the value is called in errors: `arguments`, `result` @throws ResproutError REMOTE_VALUE_UNSENDABLE, WIRE_LIMIT */
  encode(value: unknown, root: string): Uint8Array | Written {
    const from = this.#offered.length;
    try {
      return encodePart(value, { extensions: this.#extensions, root, isProxy: types.isProxy });
    } catch (error) {
      for (const channel of this.#offered.splice(from)) this.#ports.channels.withdraw(channel);
      throw error;
    }
  }

  decode(bytes: Uint8Array): unknown {
    return decodeValue(bytes, {
      extensions: this.#extensions,
      errorClass: this.#errorClass,
      onError: this.#options.onError,
      shareBytes: true,
    });
  }

  /** What was thrown. @param isRecorded a Secret in it arrives as the text that stands for it, since what is recorded never holds one */
  decodeError(bytes: Uint8Array, isRecorded: boolean): unknown {
    const extensions = isRecorded ? this.#extensions.map(asText) : this.#extensions;
    return decodeValue(bytes, { extensions, errorClass: this.#errorClass, onError: this.#options.onError });
  }

  /** A thrown value. What can't be written of it becomes a text, or an error when that is all of it: something always arrives. */
  encodeError(thrown: unknown): Uint8Array {
    let all: string | undefined;
    const bytes = encodeToBytes(thrown, {
      extensions: errorExtensions,
      isProxy: types.isProxy,
      refuse: (value, _path, why) => {
        if (value === thrown) all = why;
        return `[${why}]`;
      },
      salvage: () => '[could not be read]',
    });
    return all === undefined ? bytes : this.encodeError(new Error(`what was thrown ${all}`));
  }

  /** Stops mirroring signals. Channels live on until they end. */
  dispose(): void {
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
  }

  #contexts(): ValueExtension {
    return {
      tag: REMOTE_TAG.CONTEXT,
      name: 'Context',
      matches: (value) => typeof value === 'object' && value !== null && CONTEXT_KEY in value,
      encode: (value) => (value as { [CONTEXT_KEY]: ContextReference })[CONTEXT_KEY],
      decode: (payload) => this.#ports.context(payload as ContextReference),
    };
  }

  #iterables(): ValueExtension {
    return {
      tag: REMOTE_TAG.CHANNEL_READER,
      name: 'AsyncIterable',
      matches: isStream,
      encode: (value) => {
        const channel = this.#ports.channels.offer(value as object, this.#peer, {
          encode: (step) => this.encode(step, 'step'),
          encodeError: (error) => this.encodeError(error),
        });
        this.#offered.push(channel);
        return channel;
      },
      decode: (payload) => {
        if (typeof payload !== 'number') throw new TypeError('a channel is not a number');
        const decode = (bytes: Uint8Array): unknown => this.decode(bytes);
        const reader = this.#ports.channels.read(payload, this.#peer, { decode, decodeError: decode, lost: this.#options.lost });
        this.#options.onReader?.(reader);
        return this.#ports.wrapReader?.(reader, payload) ?? iterableOf(reader);
      },
    };
  }

  #abortSignals(): ValueExtension {
    return {
      tag: REMOTE_TAG.ABORT_SIGNAL,
      name: 'AbortSignal',
      matches: (value) => value instanceof AbortSignal,
      encode: (value) => {
        const signal = value as AbortSignal;
        if (signal.aborted) return [0, this.encodeError(signal.reason)];
        const target = nextSignal++;
        const onAbort = (): void => {
          const payload = encodeToBytes({ kind: 'signal', target, reason: this.encodeError(signal.reason) });
          this.#ports.send({ dst: this.#peer, handle: HANDLE.ABORT, replyTo: 0, payload });
        };
        signal.addEventListener('abort', onAbort, { once: true });
        this.#cleanups.push(() => signal.removeEventListener('abort', onAbort));
        return [target];
      },
      decode: (payload) => {
        const [target, reason] = payload as [number, Uint8Array?];
        if (reason !== undefined) return AbortSignal.abort(this.decode(reason));
        const controller = new AbortController();
        const key = `${this.#peer}/${target}`;
        this.#signals.set(key, controller);
        this.#cleanups.push(() => this.#signals.delete(key));
        return controller.signal;
      },
    };
  }
}

let nextSignal = 1;

/** How many signals this process has given a number. */
export function signalsIssued(): number {
  return nextSignal;
}

/** The numbers up to this one belong to an earlier controller of a context. */
export function skipSignals(issued: number): void {
  nextSignal = Math.max(nextSignal, issued);
}

/** Async iterables, and iterators of generator functions; collections are values. */
function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Symbol.asyncIterator in value) return typeof value[Symbol.asyncIterator] === 'function';
  return Symbol.iterator in value && 'next' in value && typeof value.next === 'function';
}

const bufferExtension: ValueExtension = {
  tag: REMOTE_TAG.BUFFER,
  name: 'Buffer',
  matches: (value) => Buffer.isBuffer(value),
  encode: (value) => {
    const { buffer, byteOffset, length } = value as Buffer;
    return new Uint8Array(buffer, byteOffset, length);
  },
  decode: (payload) => {
    if (!(payload instanceof Uint8Array)) throw new TypeError('a Buffer is not bytes');
    return Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  },
};

const secretExtension: ValueExtension = {
  tag: REMOTE_TAG.SECRET,
  name: 'Secret',
  matches: isSecret,
  encode: (value) => (value as Secret).reveal(),
  decode: (payload) => new Secret(String(payload)),
};

/** What an error may hold beside plain data. */
const errorExtensions: readonly ValueExtension[] = [bufferExtension, secretExtension];

/** A Secret is one for a moment, so that it is known and not shown. */
const asText = (entry: ValueExtension): ValueExtension =>
  entry === secretExtension ? { ...entry, decode: (payload) => String(entry.decode(payload)) } : entry;

/** Writes marks in place of what goes by reference: to measure arguments before there is a peer. */
export const byReference: readonly ValueExtension[] = [
  bufferExtension,
  secretExtension,
  {
    tag: REMOTE_TAG.CHANNEL_READER,
    name: 'reference',
    matches: (value) =>
      value instanceof AbortSignal || isStream(value) || (typeof value === 'object' && value !== null && CONTEXT_KEY in value),
    encode: () => 0,
    decode: () => undefined,
  },
];
