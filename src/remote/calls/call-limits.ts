import { ResproutError } from '../../base/errors/errors.ts';
import { LIMITS } from '../../wire/limits.ts';
import type { CallOptions } from './call-options.ts';
import { Semaphore } from './semaphore.ts';

/** How many calls of one context run at once, and how many may wait. */
export class CallLimits {
  readonly #running = new Semaphore(LIMITS.concurrentCalls);
  #pending = 0;
  #chained = 0;

  /** Runs `call` when there is room. @param own a narrower limit of the caller @throws ResproutError REMOTE_CALL_LIMIT */
  async run<T>(what: string, own: Semaphore | undefined, signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    if (this.#pending >= LIMITS.pendingCalls) throw tooMany(what, LIMITS.pendingCalls);
    this.#pending++;
    try {
      await own?.enter(signal);
      try {
        await this.#running.enter(signal);
        try {
          return await call();
        } finally {
          this.#running.leave();
        }
      } finally {
        own?.leave();
      }
    } finally {
      this.#pending--;
    }
  }

  /** Runs a call of a chain at once: the far side keeps the order. @throws ResproutError REMOTE_CALL_LIMIT */
  async runChained<T>(what: string, call: () => Promise<T>): Promise<T> {
    if (this.#chained >= LIMITS.chainedCalls) throw tooMany(what, LIMITS.chainedCalls);
    this.#chained++;
    try {
      return await call();
    } finally {
      this.#chained--;
    }
  }
}

function tooMany(what: string, most: number): ResproutError {
  return new ResproutError('REMOTE_CALL_LIMIT', `${most} calls wait on ${what} already`, {
    tried: `call ${what}`,
    saw: `${most} pending calls`,
  });
}

/** Checks the options of calls. @throws ResproutError CALL_OPTIONS_INVALID */
export function checkCallOptions(options: CallOptions): CallOptions {
  const refuse = (name: string, allowed: string): never => {
    throw new ResproutError('CALL_OPTIONS_INVALID', `"${name}" of a call is not ${allowed}`, { do: `Give ${allowed}` });
  };
  const { chain, concurrency, signal, timeoutMs } = options;
  for (const name of Object.keys(options)) if (!OPTION_NAMES.includes(name)) refuse(name, `one of ${OPTION_NAMES.join(', ')}`);
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 1))
    refuse('timeoutMs', 'a number of milliseconds from 1 on');
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1)) refuse('concurrency', 'a whole number from 1 on');
  if (chain !== undefined && (typeof chain !== 'string' || chain === '' || chain.length > 100))
    refuse('chain', 'a text of 1 to 100 characters');
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse('signal', 'an AbortSignal');
  return options;
}

const OPTION_NAMES = ['signal', 'timeoutMs', 'chain', 'concurrency'];
