const CAUSES = 10;

/** Errors that calls gave, with the calls they came from: an end event names the one that ended the program. */
export class Blame {
  readonly #calls = new WeakMap<object, number>();

  note(error: unknown, id: number): void {
    if (typeof error === 'object' && error !== null) this.#calls.set(error, id);
  }

  /** The call that an error came from: its own, or that of one of its causes. */
  of(error: unknown): number | undefined {
    let cause = error;
    for (let depth = 0; typeof cause === 'object' && cause !== null && depth < CAUSES; depth++) {
      const found = this.#calls.get(cause);
      if (found !== undefined) return found;
      cause = Reflect.get(cause, 'cause');
    }
    return undefined;
  }
}
