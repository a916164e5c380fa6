/** What tells one call that nobody waits for it. The signals are made when a method asks for one, since few do. */
export class CallSignal {
  readonly #given: AbortSignal | undefined;
  #stop: AbortController | undefined;
  #isAborted = false;
  #either: AbortSignal | undefined;

  /** @param given fires when nobody waits, where a signal says it */
  constructor(given?: AbortSignal) {
    this.#given = given;
  }

  /** Nobody waits any longer. Twice is fine. */
  abort(): void {
    this.#isAborted = true;
    this.#stop?.abort();
  }

  /** Fires when nobody waits, or when `life` does. The same signal each time. */
  with(life: AbortSignal): AbortSignal {
    return (this.#either ??= AbortSignal.any([this.#given ?? this.#made(), life]));
  }

  #made(): AbortSignal {
    const stop = (this.#stop ??= new AbortController());
    if (this.#isAborted) stop.abort();
    return stop.signal;
  }
}
