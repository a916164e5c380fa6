// One life of a declared unit as a child of a supervisor, with those who look at its health while it is ready.
import type { Clock } from '../../base/seams/clock.ts';
import { superviseParts } from '../contract/parts.ts';
import { CANCEL_MS, DRAIN_MS, invalidOption, KILL_MS, LEAVE_MS, START_MS } from '../contract/options.ts';
import type { LifeState } from '../contract/states.ts';
import { Life } from '../life/life.ts';
import type { Place } from '../places/place.ts';
import { processPlace } from '../places/process.ts';
import { threadPlace } from '../places/thread.ts';
import { Health } from '../probes/health.ts';
import type { RuntimeAddress } from '../unit/messages.ts';
import type { ChildSpec } from './child.ts';
import type { PlaceName, Unit } from './declared.ts';

/** The place of one life. @throws ResproutError SUPERVISE_INVALID, and whatever opens a context */
async function placeOf(place: PlaceName): Promise<Place> {
  if (place === 'thread') return threadPlace;
  if (place === 'process') return processPlace;
  const context: unknown = typeof place === 'function' ? await place() : place;
  const found = typeof context === 'object' && context !== null ? superviseParts().contextPlace(context) : undefined;
  if (found === undefined) throw invalidOption('in', place, "'thread', 'process', an open context or a function that opens one");
  return found;
}

/** Where its Runtime is. @throws those of `locate` */
export async function addressOf({ frames, name, place, runtime }: Unit): Promise<RuntimeAddress> {
  if (place !== undefined) return { build: '', file: '', path: [], label: name };
  const via = typeof runtime === 'function' ? runtime : runtime.run;
  return await superviseParts().locate(runtime, via as unknown as (...args: never) => unknown, frames);
}

/** A declared unit whose Runtime was found. */
export function unitChild(unit: Unit, runtime: RuntimeAddress, clock: Clock): ChildSpec {
  const make: ChildSpec['make'] = (life, onState) => unitLife(unit, { runtime, clock, life, onState });
  return { name: unit.name, kept: unit.kept, make };
}

/** What a life needs besides its declaration. */
export interface LifeParts {
  readonly runtime: RuntimeAddress;
  readonly clock: Clock;
  /** Its number. */
  readonly life: number;
  /** Of a group: what is done when it is old, in place of ending it. */
  readonly onOld?: (() => void) | undefined;
  onState(state: LifeState): void;
}

/** One life of it, looked after while it is ready. */
export function unitLife(unit: Unit, { clock, life: number, onOld, onState, runtime }: LifeParts): Life {
  const { args, declared, name, options, steps } = unit;
  const { cancelMs = CANCEL_MS, drainMs = DRAIN_MS, killMs = KILL_MS, leaveMs = LEAVE_MS, startMs = START_MS } = options;
  const { argv0, cwd, env, execArgv, memoryMb } = options;
  const spec = {
    name,
    life: number,
    runtime,
    steps,
    args,
    declared,
    place: () => unit.place ?? placeOf(options.in ?? 'process'),
    settings: { argv0, cwd, env, execArgv, memoryMb },
    ready: options.ready ?? 'begun',
    takesCalls: onOld !== undefined,
    times: { cancelMs, drainMs, killMs, leaveMs, startMs },
  } as const;
  const life: Life = new Life(spec, clock, {
    onAlive: () => health.alive(),
    onState: (state) => {
      if (state === 'starting') health.begin();
      else if (state === 'ready') health.start();
      else if (state === 'stopping' || state === 'ended') health.stop();
      onState(state);
    },
  });
  const watched = { pid: () => life.pid, fail: life.fail.bind(life), recycle: onOld ?? (() => life.recycle()) };
  const health = new Health(watched, options, clock);
  return life;
}
