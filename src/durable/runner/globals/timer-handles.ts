import type { Session } from '../../replay/session/session-api.ts';

type Callback = (...args: unknown[]) => void;

/** Delays as Node reads them, but longer ones than 24.8 days are kept: the journal can wait. */
export function delayMs(ms: unknown): number {
  const delay = Number(ms);
  return delay >= 1 ? delay : 1;
}

/** What both handles have. A session never ends because nothing keeps its process alive, so a reference says nothing. */
abstract class DurableHandle {
  abstract close(): this;

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What setTimeout and setInterval of a session return: has the methods of Node's Timeout. */
export class DurableTimer extends DurableHandle {
  readonly #session: Session;
  readonly #run: () => void;
  readonly #ms: number;
  readonly #isRepeated: boolean;
  #clear: (() => void) | undefined;
  #id = -1;

  constructor(session: Session, ms: number, callback: Callback, args: readonly unknown[], isRepeated: boolean) {
    super();
    this.#session = session;
    this.#ms = ms;
    this.#isRepeated = isRepeated;
    this.#run = () => Reflect.apply(callback, this, [...args]);
    this.#set();
  }

  #set(): void {
    const timer = this.#session.world.timer(this.#ms);
    this.#id = timer.id;
    this.#clear = () => timer.clear();
    // The reaction keeps the async context of the code that set the timer. A cancelled session fires nothing.
    timer.fired.then(
      () => {
        if (this.#clear === undefined) return;
        this.#clear = undefined;
        if (this.#isRepeated) this.#set();
        this.#call();
      },
      () => undefined,
    );
  }

  /** What the callback throws ends the program, as an uncaught exception does. */
  #call(): void {
    try {
      this.#run();
    } catch (error) {
      this.#session.crash(error);
    }
  }

  close(): this {
    this.#clear?.();
    this.#clear = undefined;
    return this;
  }

  refresh(): this {
    this.close();
    this.#set();
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }
}

/** What setImmediate of a session returns. */
export class DurableImmediate extends DurableHandle {
  readonly #clear: () => void;

  constructor(session: Session, callback: Callback, args: readonly unknown[]) {
    super();
    this.#clear = session.world.immediate(() => {
      try {
        Reflect.apply(callback, this, [...args]);
      } catch (error) {
        session.crash(error);
      }
    });
  }

  close(): this {
    this.#clear();
    return this;
  }
}
