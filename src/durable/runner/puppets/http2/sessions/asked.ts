// What a program asks of the other side of its session, and is called back for.
import type { Settings } from 'node:http2';
import { pingCancelled, settingsCancelled } from '../http2-errors.ts';

export type PingCallback = (error: Error | null, duration: number, payload: Buffer) => void;
export type SettingsCallback = (error: Error | null, settings: Settings, duration: number) => void;

/** Questions of one session that have no answer yet. */
export class Asked {
  readonly #pings = new Map<number, PingCallback>();
  readonly #settings = new Map<number, SettingsCallback>();
  #serial = 0;

  /** @returns the number of the question */
  ping(callback: PingCallback): number {
    this.#pings.set(++this.#serial, callback);
    return this.#serial;
  }

  settings(callback: SettingsCallback | undefined): number {
    this.#serial++;
    if (callback !== undefined) this.#settings.set(this.#serial, callback);
    return this.#serial;
  }

  /** @param answer number, and what the callback gets */
  answerPing([serial, ...answer]: readonly [number, ...Parameters<PingCallback>]): void {
    const callback = this.#pings.get(serial);
    this.#pings.delete(serial);
    callback?.(...answer);
  }

  answerSettings([serial, ...answer]: readonly [number, ...Parameters<SettingsCallback>]): void {
    const callback = this.#settings.get(serial);
    this.#settings.delete(serial);
    callback?.(...answer);
  }

  /** The session is over: nothing is answered any more, and each is told so. */
  cancel(): void {
    for (const callback of this.#pings.values()) process.nextTick(cancelPing, callback);
    for (const callback of this.#settings.values()) process.nextTick(() => (callback as (error: Error) => void)(settingsCancelled()));
    this.#pings.clear();
    this.#settings.clear();
  }
}

/** Tells that no answer comes. */
export function cancelPing(callback: PingCallback): void {
  (callback as (error: Error) => void)(pingCancelled());
}
