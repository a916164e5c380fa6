// A unit whose program imports the package as it was built.
import { isResproutError, ResproutError } from 'resprout';

/** What its program sees of a value. */
const seen = (value: unknown): readonly unknown[] => [
  value instanceof ResproutError,
  isResproutError(value),
  value instanceof ResproutError ? value.code : undefined,
];

/** Tells what it makes of errors of the package that it is given. */
export class TellsErrors {
  readonly #given: unknown;
  constructor(given: unknown) {
    this.#given = given;
  }
  run(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  given(): readonly unknown[] {
    return seen(this.#given);
  }
  called(error: unknown): readonly unknown[] {
    return seen(error);
  }
}
