import { outside } from '../here.ts';
import { real } from '../../globals/real.ts';

/**
 * The timeout of a socket. It is set and put off with every byte, so that only its firing is recorded: as an event of the socket, which
 * counts unless the program has put it off since.
 */
export class IdleTimer {
  readonly #fire: (turn: number) => void;
  #ms = 0;
  #turn = 0;
  #isLive: boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param isLive false while history is replayed: nothing fires then */
  constructor(isLive: boolean, fire: (turn: number) => void) {
    this.#isLive = isLive;
    this.#fire = fire;
  }

  /** @param ms 0: never */
  set(ms: number): void {
    this.#ms = ms;
    this.refresh();
  }

  refresh(): void {
    if (this.#ms === 0 && this.#timer === undefined) return;
    this.#turn++;
    this.#arm();
  }

  #arm(): void {
    if (this.#timer !== undefined) real.clearTimeout(this.#timer);
    this.#timer = undefined;
    const turn = this.#turn;
    if (this.#ms > 0 && this.#isLive) this.#timer = outside(() => real.setTimeout(() => this.#fire(turn), this.#ms));
  }

  /** History is used up. It counts no turn: a replay of what follows does not come here. */
  wake(): void {
    this.#isLive = true;
    this.#arm();
  }

  /** Whether a firing still counts. */
  isDue(turn: unknown): boolean {
    return this.#ms > 0 && turn === this.#turn;
  }

  clear(): void {
    this.#ms = 0;
    this.#turn++;
    if (this.#timer !== undefined) real.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
