// One life of a unit moves forward only:
//   created → preparing → starting → ready → stopping → ended
// Steps may be left out, none is taken back. What may be assumed:
//   preparing  `prepare` runs here; nothing is started
//   starting   the thread or process is there or on its way; setup or run is under way
//   ready      setup has returned, run is under way, and the readiness that was asked for has been seen
//   stopping   it is to end, by order or since it failed, and rungs of the ladder follow one another; or it is gone, and its rest is ended
//   ended      it is gone, and so is what it started; or it is leaked, which its end says

/** Where one life of a unit is. */
export type LifeState = 'created' | 'preparing' | 'starting' | 'ready' | 'stopping' | 'ended';

const ORDER: readonly LifeState[] = ['created', 'preparing', 'starting', 'ready', 'stopping', 'ended'];

/** The state of one life. */
export class StateLine {
  #state: LifeState = 'created';
  readonly #onMove: (state: LifeState) => void;

  constructor(onMove: (state: LifeState) => void) {
    this.#onMove = onMove;
  }

  get state(): LifeState {
    return this.#state;
  }

  /** Whether it is there or further. */
  has(state: LifeState): boolean {
    return ORDER.indexOf(this.#state) >= ORDER.indexOf(state);
  }

  /** Moves forward. @returns false when it is there or further already: nothing happens then */
  moveTo(state: LifeState): boolean {
    if (this.has(state)) return false;
    this.#state = state;
    this.#onMove(state);
    return true;
  }
}
