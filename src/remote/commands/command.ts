// One command of a program: a promise of its result, whose lines can be iterated instead.
// Invariants:
//   M1. It starts in the turn in which it was made, once: as one call for its result, or as a stream when it is iterated in that turn.
//   M2. Whoever leaves the loop early ends the command.
import { registerOwn } from '../../base/recorder.ts';
import { deferred, type Deferred } from '../../base/deferred.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { CommandResult } from './result.ts';

/** A command that runs: await it for its result, or iterate it for the lines of its stdout as they come. */
export interface Command<Out = string> extends Promise<CommandResult<Out>>, AsyncIterable<string> {}

/** A stream of lines whose end is the result. */
export type LineBatches<Out> = AsyncIterator<readonly string[], CommandResult<Out>>;

/** How a command is started in either way. */
export interface CommandStart<Out> {
  /** As it is shown. */
  readonly shown: string;
  result(): Promise<CommandResult<Out>>;
  lines(): Promise<LineBatches<Out>>;
}

/** Makes a command and starts it. */
export function startCommand<Out>(start: CommandStart<Out>): Command<Out> {
  let reading: LineReader<Out> | undefined;
  let isStarted = false;
  const whole = deferred<CommandResult<Out>>();
  void Promise.resolve().then(() => {
    isStarted = true;
    if (reading === undefined) whole.resolve(start.result());
  });
  const iterate = (): LineReader<Out> => {
    if (isStarted || reading !== undefined)
      throw new ResproutError('COMMAND_INVALID', `the lines of "${start.shown}" are asked for when it has begun already`, {
        do: 'Iterate it where it is made: for await (const line of context.$`…`)',
      });
    // The loop tells how it ended; who also awaits the command is told, nobody needs to.
    whole.promise.catch(() => {});
    reading = new LineReader(start.lines(), whole);
    return reading;
  };
  registerOwn(iterate);
  return Object.defineProperty(whole.promise, Symbol.asyncIterator, { value: iterate }) as Command<Out>;
}

class LineReader<Out> implements AsyncIterableIterator<string, undefined> {
  readonly #source: Promise<LineBatches<Out>>;
  readonly #whole: Deferred<CommandResult<Out>>;
  #lines: readonly string[] = [];
  #at = 0;
  /** The last step that is under way; steps are made one after the other. */
  #tail: Promise<void> | undefined;

  constructor(source: Promise<LineBatches<Out>>, whole: Deferred<CommandResult<Out>>) {
    this.#source = source;
    this.#whole = whole;
    source.catch((error: unknown) => whole.reject(error));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<string, undefined>> {
    // What is here is given at once, unless somebody waits before.
    if (this.#tail === undefined && this.#at < this.#lines.length) return Promise.resolve(this.#take());
    const step = (this.#tail ?? Promise.resolve()).then(() => this.#next());
    const over = (): void => {
      if (this.#tail === tail) this.#tail = undefined;
    };
    const tail: Promise<void> = step.then(over, over);
    this.#tail = tail;
    return step;
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    this.#lines = [];
    this.#whole.reject(new ResproutError('COMMAND_STOPPED', 'the command was ended, since its lines were not read to the end'));
    await (await this.#source).return?.();
    return { done: true, value: undefined };
  }

  #take(): IteratorYieldResult<string> {
    return { done: false, value: this.#lines[this.#at++] ?? '' };
  }

  async #next(): Promise<IteratorResult<string, undefined>> {
    try {
      while (this.#at >= this.#lines.length) {
        const step = await (await this.#source).next();
        if (step.done === true) {
          this.#whole.resolve(step.value);
          return { done: true, value: undefined };
        }
        this.#lines = step.value;
        this.#at = 0;
      }
      return this.#take();
    } catch (error) {
      this.#whole.reject(error);
      throw error;
    }
  }
}

registerOwn(LineReader);
