import type { Site } from '../../../base/site.ts';
import { noSite, type CallSpec } from '../calls/call-spec.ts';
import { KeyStream } from './chacha.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { externalCall } from '../calls/external-call.ts';
import type { OutsideCall, SessionImmediate, SessionTimer, SessionWorld } from '../session/session-api.ts';
import { Conversation } from '../objects/conversation.ts';
import type { Hops } from '../objects/hops.ts';
import type { ConversationOptions, ObjectWays } from '../objects/local-half.ts';
import { Timers } from './timers.ts';
import { Xoshiro } from './xoshiro.ts';

/** Streams of the session's key: what is drawn from one does not move the other. Journals pin these numbers. */
const STREAM = { bytes: 1, fractions: 2 } as const;

/** Immediates in a row that are free. Beyond, each is a recorded timer: a program that polls gets its completions then. */
const FREE_IMMEDIATES = 1000;

/** What a program sees instead of the machine's clock and chance, and its way out for patched globals and `own` functions. */
export class World implements SessionWorld {
  readonly #parts: SessionParts;
  readonly #bytes: KeyStream;
  readonly #fractions: Xoshiro;
  readonly #timers: Timers;
  readonly #objects: ObjectWays;
  readonly #hops: Hops;
  #immediates = 0;
  #deliveries = 0;

  /** @param seed 32 bytes of the start event */
  constructor(parts: SessionParts, seed: Uint8Array, objects: ObjectWays, hops: Hops) {
    this.#parts = parts;
    this.#objects = objects;
    this.#hops = hops;
    this.#bytes = new KeyStream(seed, STREAM.bytes);
    const key = new Uint8Array(16);
    new KeyStream(seed, STREAM.fractions).fill(key);
    this.#fractions = new Xoshiro(key);
    this.#timers = new Timers(parts);
  }

  nowMs(): number {
    return this.#parts.now.nowMs();
  }

  sinceStartMs(): number {
    return this.#parts.now.sinceStartMs();
  }

  fraction(): number {
    return this.#fractions.fraction();
  }

  fill(bytes: Uint8Array): void {
    this.#bytes.fill(bytes);
  }

  timer(ms: number, fire?: () => void): SessionTimer {
    return this.#timers.set(ms, this.site('timer'), fire);
  }

  immediate(run: () => void): SessionImmediate {
    const { pump, cursor } = this.#parts;
    if (cursor.delivered !== this.#deliveries) {
      this.#deliveries = cursor.delivered;
      this.#immediates = 0;
    }
    if (++this.#immediates > FREE_IMMEDIATES) return this.timer(0, run);
    const enter = this.#parts.options.realm.context.snapshot();
    return pump.immediate(() => enter(() => this.#parts.enter(run)));
  }

  held(): { readonly timers: number; readonly immediates: number } {
    const { outstanding, pump } = this.#parts;
    return { timers: outstanding.heldTimers, immediates: pump.heldImmediates };
  }

  call<T>(call: OutsideCall<T>): Promise<T> {
    const spec: CallSpec = {
      ...this.#spec(call.fn, call.args, call.site),
      context: call.context,
      again: call.again,
      mode: 'async',
      effect: call.effect ?? true,
      atMostOnce: call.atMostOnce ?? false,
      run: (_args, key, signal) => call.run(key, signal),
    };
    return externalCall(this.#parts, spec) as Promise<T>;
  }

  callBack<T>(call: OutsideCall<T>, callback: (error: unknown, value: T) => void): void {
    externalCall(this.#parts, {
      ...this.#spec(call.fn, call.args, call.site),
      again: call.again,
      mode: 'async',
      effect: call.effect ?? true,
      atMostOnce: call.atMostOnce ?? false,
      callback: (error, value) => callback(error, value as T),
      run: (_args, key, signal) => call.run(key, signal),
    });
  }

  whenLive(run: () => void): void {
    this.#objects.whenLive(run);
  }

  whenAwake(run: () => void): void {
    this.#objects.whenAwake(() => this.#objects.outside(run));
  }

  conversation(options: ConversationOptions): Conversation {
    return new Conversation(this.#objects, { ...options, site: options.site ?? this.site('own') });
  }

  hop<T>(start: (done: (value: T) => void) => void, take: (value: T) => void): void {
    this.#hops.start(start, (value) => take(value as T));
  }

  print(text: Uint8Array | string): boolean {
    // After process.exit nothing of the program is seen, whatever catches it.
    if (this.#parts.gone) return false;
    this.#parts.printed.add(text);
    return !this.#parts.cursor.wasHere;
  }

  callSync<T>(fn: string, args: readonly unknown[], effect: boolean, run: () => T): T {
    return externalCall(this.#parts, { ...this.#spec(fn, args), mode: 'sync', effect, atMostOnce: false, run }) as T;
  }

  #spec(fn: string, args: readonly unknown[], site?: Site): Omit<CallSpec, 'mode' | 'effect' | 'atMostOnce' | 'run'> {
    return {
      fn,
      args,
      site: site === undefined ? this.site('own') : { id: site.id, file: site.file, line: site.line, column: site.column },
      awaited: false,
      liveAllowed: false,
      module: '',
      step: false,
      channels: false,
    };
  }

  note(text: string): void {
    this.#parts.warn(text);
  }

  /**
   * Site of the `own` call that runs now. What a package does by itself is shown at the last call of the program, and known by `otherwise`:
   * that place is no part of what must repeat.
   */
  site(otherwise: string): Site {
    const { at, last } = this.#parts.session.hook;
    if (at !== undefined) return { id: at.info.id, file: at.info.file, line: at.info.line, column: at.info.column };
    if (last === undefined) return noSite(otherwise);
    return { ...noSite(otherwise), file: last.info.file, line: last.info.line, column: last.info.column };
  }

  close(): void {
    this.#timers.close();
  }
}
