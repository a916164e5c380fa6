import type { UnitEnd } from '../contract/failure.ts';
import { StateLine, type LifeState } from '../contract/states.ts';
import type { Child, Keeper } from './child.ts';
import type { KeeperEnd } from './events.ts';

/** One life of a supervisor or a group below a supervisor: it fails when that one gives up. */
export class KeeperChild implements Child {
  readonly pid = undefined;
  readonly ready: Promise<void>;
  readonly over: Promise<UnitEnd>;
  readonly keeper: Keeper;
  readonly #line: StateLine;
  readonly #ready = Promise.withResolvers<void>();
  #isRecycled = false;

  constructor(keeper: Keeper, onState: (state: LifeState) => void) {
    this.keeper = keeper;
    this.#line = new StateLine(onState);
    this.ready = this.#ready.promise;
    this.ready.catch(() => {});
    this.over = keeper.ended.then((end) => {
      this.#line.moveTo('ended');
      return this.#endOf(end);
    });
  }

  get state(): LifeState {
    return this.#line.state;
  }

  begin(): void {
    this.#line.moveTo('starting');
    this.keeper.start().then(() => {
      this.#line.moveTo('ready');
      this.#ready.resolve();
    }, this.#ready.reject);
  }

  async stop(): Promise<UnitEnd> {
    this.#line.moveTo('stopping');
    // What leaked is told by the event of its unit.
    await this.keeper.close().catch(() => {});
    return await this.over;
  }

  recycle(): void {
    this.#isRecycled = true;
    void this.stop();
  }

  #endOf({ error, how }: KeeperEnd): UnitEnd {
    const failure = error === undefined ? undefined : ({ phase: how === 'start-failed' ? 'start' : 'run', kind: 'threw', error } as const);
    const isLeaked = error?.code === 'UNIT_LEAKED';
    return {
      how: isLeaked ? 'leaked' : failure !== undefined ? 'failed' : how === 'finished' ? 'returned' : 'cancelled',
      failure,
      also: [],
      isTornDown: !isLeaked,
      exitCode: null,
      signal: null,
      isRecycled: this.#isRecycled && failure === undefined,
    };
  }
}
