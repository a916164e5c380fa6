/** What a run does on a request. */
export interface ControlTarget {
  park(): void;
  cancel(): void;
  /** ^C: the program's, when it listens; else it parks the session. */
  interrupt(): void;
  /** Another signal that a program may listen for. */
  signal(name: string): void;
}

/**
 * The caller's handle on a run: make one, give it to runSession, call it from signal handlers.
 * Requests made before the run listens are kept.
 */
export class RunControl {
  #target: ControlTarget | undefined;
  #parks = 0;
  #cancelled = false;

  /** Asks the session to park. The second time: at once, without grace. The session stays resumable either way. */
  park(): void {
    this.#parks++;
    this.#target?.park();
  }

  /** Asks the session to cancel: pending calls reject, finally blocks run, and the session ends. */
  cancel(): void {
    this.#cancelled = true;
    this.#target?.cancel();
  }

  /** ^C was pressed: a program that listens for SIGINT gets it, any other is parked; so is every one by a second ^C within 3 s. */
  interrupt(): void {
    if (this.#target === undefined || this.#parks > 0) this.park();
    else this.#target.interrupt();
  }

  /** A signal such as SIGUSR2: given to a program that listens for it. */
  signal(name: string): void {
    this.#target?.signal(name);
  }

  /** How often parking was asked for. */
  get parks(): number {
    return this.#parks;
  }

  /** Takes the run that listens from now on; requests so far are handed over. Called by the run itself. */
  attach(target: ControlTarget): void {
    this.#target = target;
    if (this.#cancelled) target.cancel();
    for (let i = 0; i < this.#parks; i++) target.park();
  }

  /** The run is over: later requests are counted and have no effect. */
  detach(): void {
    this.#target = undefined;
  }
}
