// Looks after a life while it is ready: its age, its watchdog, its liveness, and the files that it is made of.
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import { watchFiles, type WatchedFiles } from '../../platform/disk/watch-files.ts';
import { residentBytes } from '../../platform/process/resident-bytes.ts';
import type { FailureKind } from '../contract/failure.ts';
import { askProbe } from './ask-probe.ts';
import type { Probe } from './probe.ts';

/** What can be done to a life whose health is bad. */
export interface Watched {
  /** Number of its process, where it has one. */
  pid(): number | undefined;
  fail(kind: FailureKind, what: string, cause?: unknown): void;
  recycle(): void;
}

/** What is looked at; nothing where all is absent. */
export interface HealthOptions {
  readonly maxAgeMs?: number | undefined;
  readonly maxRssMb?: number | undefined;
  readonly watchdogMs?: number | undefined;
  readonly watch?: readonly string[] | undefined;
  readonly liveness?: (Probe & { readonly failures?: number }) | undefined;
}

const FAILURES = 3;
const RSS_MS = 1000;
const MiB = 1_048_576;

/** The health of one life. `stop` when it is to end. */
export class Health {
  readonly #life: Watched;
  readonly #options: HealthOptions;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #age: TimerHandle | undefined;
  #watchdog: TimerHandle | undefined;
  #files: WatchedFiles | undefined;
  #isOn = false;
  #isOutdated = false;

  constructor(life: Watched, options: HealthOptions, clock: Clock) {
    this.#life = life;
    this.#options = options;
    this.#clock = clock;
  }

  /** It begins: what changes from now on may be missing in it. */
  begin(): void {
    const { watch } = this.#options;
    if (watch === undefined || this.#files !== undefined || this.#stop.signal.aborted) return;
    this.#files = watchFiles(watch, {
      clock: this.#clock,
      onChange: () => {
        if (this.#isOn) this.#life.recycle();
        else this.#isOutdated = true;
      },
      onFailed: (error) => this.#life.fail('unhealthy', `has files that cannot be watched: ${error.message}`, error),
    });
  }

  /** It is ready. */
  start(): void {
    this.#isOn = true;
    const { liveness, maxAgeMs, maxRssMb } = this.#options;
    // Whoever waits for it hears first that it is ready.
    if (this.#isOutdated) void Promise.resolve().then(() => this.#life.recycle());
    if (maxRssMb !== undefined) void this.#weigh(maxRssMb * MiB);
    if (maxAgeMs !== undefined) this.#age = this.#clock.after(maxAgeMs, () => this.#life.recycle());
    if (liveness !== undefined) void this.#ask(liveness, liveness.failures ?? FAILURES);
    this.alive();
  }

  /** It said that it is alive. */
  alive(): void {
    const { watchdogMs } = this.#options;
    if (!this.#isOn || watchdogMs === undefined) return;
    this.#watchdog?.clear();
    const what = `did not say for ${watchdogMs} ms that it is alive`;
    this.#watchdog = this.#clock.after(watchdogMs, () => this.#life.fail('unhealthy', what));
  }

  /** Twice is fine. */
  stop(): void {
    this.#isOn = false;
    this.#age?.clear();
    this.#watchdog?.clear();
    this.#files?.close();
    if (!this.#stop.signal.aborted) this.#stop.abort();
  }

  /** Looks at its memory until it is too large. */
  async #weigh(mostBytes: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const pid = this.#life.pid();
      const bytes = pid === undefined ? undefined : await residentBytes(pid);
      if (signal.aborted) return;
      if (bytes !== undefined && bytes > mostBytes) return this.#life.recycle();
      // Aborted: nothing is left to look at.
      await this.#clock.sleep(RSS_MS, signal).catch(() => {});
    }
  }

  async #ask(probe: Probe, most: number): Promise<void> {
    const { signal } = this.#stop;
    for (let bad = 0; ;) {
      const why = await askProbe(probe, this.#clock, signal);
      if (signal.aborted) return;
      bad = why === undefined ? 0 : bad + 1;
      if (why !== undefined && bad >= most) {
        this.#life.fail('unhealthy', `gave ${bad} bad answers in a row: ${why.message}`, why);
        return;
      }
      // Aborted: nothing is left to ask.
      await this.#clock.sleep(probe.periodMs, signal).catch(() => {});
      if (signal.aborted) return;
    }
  }
}
