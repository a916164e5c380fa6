import type { CallSite } from '../../../base/recorder.ts';
import type { EventSite } from '../../journal/event.ts';
import { noSite, type CallSpec } from '../calls/call-spec.ts';
import { KeyStream } from './chacha.ts';
import type { Engine } from '../session/engine.ts';
import { externalCall } from '../calls/external-call.ts';
import type { OutsideCall, SessionTimer, SessionWorld } from '../session/session-api.ts';
import { Timers } from './timers.ts';
import { Xoshiro } from './xoshiro.ts';

/** Streams of the session's key: what is drawn from one does not move the other. Journals pin these numbers. */
const STREAM = { bytes: 1, fractions: 2 } as const;

/** Immediates in a row that are free. Beyond, each is a recorded timer: a program that polls gets its completions then. */
const FREE_IMMEDIATES = 1000;

/** What a program sees instead of the machine's clock and chance, and its way out for patched globals and `own` functions. */
export class World implements SessionWorld {
  readonly #engine: Engine;
  readonly #bytes: KeyStream;
  readonly #fractions: Xoshiro;
  readonly #timers: Timers;
  #immediates = 0;
  #deliveries = 0;

  /** @param seed 32 bytes of the start event */
  constructor(engine: Engine, seed: Uint8Array) {
    this.#engine = engine;
    this.#bytes = new KeyStream(seed, STREAM.bytes);
    const key = new Uint8Array(16);
    new KeyStream(seed, STREAM.fractions).fill(key);
    this.#fractions = new Xoshiro(key);
    this.#timers = new Timers(engine);
  }

  nowMs(): number {
    return this.#engine.now.nowMs();
  }

  sinceStartMs(): number {
    return this.#engine.now.sinceStartMs();
  }

  fraction(): number {
    return this.#fractions.fraction();
  }

  fill(bytes: Uint8Array): void {
    this.#bytes.fill(bytes);
  }

  timer(ms: number): SessionTimer {
    return this.#timers.set(ms, this.#site('timer'));
  }

  immediate(run: () => void): () => void {
    const { pump } = this.#engine;
    if (pump.deliveries !== this.#deliveries) {
      this.#deliveries = pump.deliveries;
      this.#immediates = 0;
    }
    if (++this.#immediates > FREE_IMMEDIATES) {
      const timer = this.timer(0);
      timer.fired.then(run, () => undefined);
      return () => timer.clear();
    }
    let isCleared = false;
    let start: () => void = () => undefined;
    // The reaction keeps the async context of the code that asked, and runs as a microtask of the immediate's turn.
    void new Promise<void>((resolve) => {
      start = resolve;
    }).then(() => {
      if (!isCleared) run();
    });
    pump.immediate(start);
    return () => {
      isCleared = true;
    };
  }

  call<T>(call: OutsideCall<T>): Promise<T> {
    const spec: CallSpec = {
      ...this.#spec(call.fn, call.args, call.site),
      mode: 'async',
      effect: true,
      atMostOnce: call.atMostOnce ?? false,
      run: (_args, key, signal) => call.run(key, signal),
    };
    return externalCall(this.#engine, spec) as Promise<T>;
  }

  callSync<T>(fn: string, args: readonly unknown[], effect: boolean, run: () => T): T {
    return externalCall(this.#engine, { ...this.#spec(fn, args), mode: 'sync', effect, atMostOnce: false, run }) as T;
  }

  #spec(fn: string, args: readonly unknown[], site?: CallSite): Omit<CallSpec, 'mode' | 'effect' | 'atMostOnce' | 'run'> {
    return {
      fn,
      args,
      site: site === undefined ? this.#site('own') : { id: site.id, file: site.file, line: site.line, column: site.column },
      awaited: false,
      liveAllowed: false,
      remake: 'lazy',
      module: '',
      step: false,
      channels: false,
    };
  }

  /** Site of the `own` call that runs now. */
  #site(otherwise: string): EventSite {
    const info = this.#engine.session.hook.at?.info;
    return info === undefined ? noSite(otherwise) : { id: info.id, file: info.file, line: info.line, column: info.column };
  }

  close(): void {
    this.#timers.close();
  }
}
