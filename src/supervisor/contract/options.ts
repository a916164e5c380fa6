import { ResproutError } from '../../base/errors/errors.ts';
import type { PlaceSettings } from '../places/place.ts';
import type { Probe } from '../probes/probe.ts';

/**
 * When a unit is ready. `begun`: setup has returned, and run has blocked for a turn. `told`: it called `unit.ready()`. A probe: that has
 * answered well.
 */
export type Readiness = 'begun' | 'told' | Probe;

/** Times of one life, in milliseconds. Each may be moved by `unit.extend(ms)`. */
export interface LifeTimes {
  /** From the beginning of `prepare` until it is ready. @default 30000 */
  readonly startMs?: number | undefined;
  /**
   * The first time of an order to end, for what has work: until its drain is over and its calls are answered. Nothing where there is neither.
   * @default 5000
   */
  readonly drainMs?: number | undefined;
  /** From then on, or from the order to end until run and teardown are over; two seconds at most while setup is under way. @default 5000 */
  readonly cancelMs?: number | undefined;
  /** After that, once run is left alone (SIGTERM to a process): for teardown. @default 1000 */
  readonly leaveMs?: number | undefined;
  /** After the last rung (SIGKILL, the end of a thread) until it counts as leaked. @default 3000 */
  readonly killMs?: number | undefined;
}

/** Options of one unit. */
export interface LifeOptions<PlaceOf> extends PlaceSettings, LifeTimes {
  /** What it is called in messages, events and lists of processes; the name of the Runtime when absent. */
  readonly name?: string | undefined;
  /** Where it runs. @default 'process' */
  readonly in?: PlaceOf | undefined;
  /** @default 'begun' */
  readonly ready?: Readiness | undefined;
}

export const START_MS = 30_000;
export const DRAIN_MS = 5000;
export const CANCEL_MS = 5000;
export const LEAVE_MS = 1000;
export const KILL_MS = 3000;

const MOST_MS = 2_147_483_647;

/** An error of an option. */
export function invalidOption(name: string, value: unknown, allowed: string): ResproutError {
  const saw = `${name} is ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
  return new ResproutError('SUPERVISE_INVALID', `${saw}, not ${allowed}`, { tried: 'declare a unit', saw, do: `Give ${allowed}` });
}

/** @throws ResproutError SUPERVISE_INVALID */
export function checkMs(name: string, value: unknown, least = 0): void {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST_MS)) return;
  throw invalidOption(name, value, `a whole number of milliseconds from ${least} to ${MOST_MS}`);
}

/** @throws ResproutError SUPERVISE_INVALID */
export function checkCount(name: string, value: unknown, least: number): void {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= least)) return;
  throw invalidOption(name, value, `a whole number from ${least}`);
}

/** Looks at what every place takes. @throws ResproutError SUPERVISE_INVALID */
export function checkLifeOptions(options: LifeOptions<unknown>): void {
  checkMs('startMs', options.startMs, 1);
  checkMs('drainMs', options.drainMs);
  checkMs('cancelMs', options.cancelMs);
  checkMs('leaveMs', options.leaveMs);
  checkMs('killMs', options.killMs, 1);
  checkCount('memoryMb', options.memoryMb, 8);
  const { ready } = options;
  if (ready === undefined || ready === 'begun' || ready === 'told') return;
  if (typeof ready !== 'object' || ready === null || !('check' in ready)) throw invalidOption('ready', ready, "'begun', 'told' or a probe");
}
