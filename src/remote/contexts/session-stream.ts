import { ResproutError } from '../../base/errors/errors.ts';
import { recorder, registerOwn } from '../../base/recorder.ts';
import type { Site } from '../../base/site.ts';
import { isLinkLoss } from '../calls/lost-error.ts';
import type { ChannelReader } from '../child/core/channels/channel-reading.ts';

/** A stream that a far function returned in a session: each step is an event. */
export class SessionStream implements AsyncIterableIterator<unknown, unknown> {
  readonly #label: string;
  readonly #site: Site | undefined;
  readonly #reader: () => ChannelReader | undefined;
  #steps = 0;

  constructor(label: string, site: Site | undefined, reader: () => ChannelReader | undefined) {
    this.#label = label;
    this.#site = site;
    this.#reader = reader;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown, unknown>> {
    return this.#step('next', (reader, number) => {
      if (reader === undefined) return Promise.reject(this.#interrupted(number));
      return reader.next().catch((error: unknown) => {
        throw isLinkLoss(error) ? this.#interrupted(number, error) : error;
      });
    });
  }

  /** Closing what is lost does nothing. `Array.fromAsync` of V8 would also ask again for ever for an end that is refused. */
  return(value?: unknown): Promise<IteratorResult<unknown, unknown>> {
    return this.#step('return', async (reader) => {
      await reader?.return();
      return { done: true, value: undefined };
    }).then(() => ({ done: true, value }));
  }

  #step(
    name: 'next' | 'return',
    take: (reader: ChannelReader | undefined, number: number) => Promise<IteratorResult<unknown, unknown>>,
  ): Promise<IteratorResult<unknown, unknown>> {
    const number = this.#steps++;
    const run = (): Promise<IteratorResult<unknown, unknown>> => take(this.#reader(), number);
    const session = recorder();
    if (session === undefined) return run();
    return session.record({ fn: `${this.#label}.${name}`, args: [number], site: session.site() ?? this.#site, run });
  }

  #interrupted(number: number, cause?: Error): ResproutError {
    const text = `${this.#label}: the stream was cut off after ${number} ${number === 1 ? 'step' : 'steps'} when its process ended`;
    const saw = cause?.message ?? 'the process that sent it, or the one that read it, is gone';
    const fields = { tried: `read step ${number + 1} of ${this.#label}`, saw };
    return new ResproutError('STREAM_INTERRUPTED', text, fields, cause === undefined ? undefined : { cause });
  }
}

registerOwn(SessionStream);
