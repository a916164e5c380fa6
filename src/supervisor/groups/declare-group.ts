// Declares a group: replicas of one Runtime that share the calls.
import { callFrames } from '../../platform/engine/call-sites.ts';
import { checkCount, checkMs, invalidOption } from '../contract/options.ts';
import type { Runtime } from '../contract/runtime.ts';
import type { Budget } from '../restarts/rules.ts';
import { budgetOf, declareUnit, type RestOf } from '../supervisor/declare.ts';
import { DECLARED, isDeclared, isGroup, isTree, type Group, type PlaceName, type Unit, type UnitOptions } from '../supervisor/declared.ts';
import type { DispatchOptions } from './dispatch.ts';

/** Options of a group, beside those of each of its replicas. */
export interface GroupOptions extends Omit<UnitOptions, 'in' | 'restart' | 'stopExitCodes'>, Partial<DispatchOptions> {
  /** How many there are at first. @default 2 */
  readonly replicas?: number | undefined;
  /** Where they run; a list is taken in turn. @default 'process' */
  readonly in?: PlaceName | readonly PlaceName[] | undefined;
  /** Starts before the replicas and ends before them: what gives them work. */
  readonly head?: Unit | undefined;
  /** Starts after the replicas and ends after them: what takes their work. */
  readonly tail?: Unit | undefined;
  /** @default 'least-loaded' */
  readonly dispatch?: DispatchOptions['dispatch'];
  /** Calls under way in one replica. @default 1 */
  readonly concurrency?: number;
  /** Calls that may wait for a replica; the next one is refused. @default 1000 */
  readonly queue?: number;
  /** Milliseconds that a call may take, its waiting included; `with({ timeoutMs })` says otherwise. None when absent. */
  readonly callMs?: number | undefined;
  /** Replicas above the wanted number while some are replaced. @default 1 */
  readonly surge?: number | undefined;
  /** Replicas that may be missing while some are replaced. @default 0 */
  readonly unavailable?: number | undefined;
  /** Milliseconds that a new replica has to be ready before the next old one is ended. @default 0 */
  readonly minReadyMs?: number | undefined;
  /** Replicas that start at once. @default 8 */
  readonly startsAtOnce?: number | undefined;
  /** Of the whole group. @default { restarts: 10, withinMs: 300000 } */
  readonly budget?: Partial<Budget> | undefined;
}

/** Whether it is a unit that is started again whatever happens: a group is never without its head or tail. */
function isAlwaysKept(one: unknown): one is Unit {
  return isDeclared(one) && !isTree(one) && !isGroup(one) && one.kept.restart === 'permanent' && one.kept.stopExitCodes.length === 0;
}

/** Declares a group. @throws ResproutError RUNTIME_INVALID, SUPERVISE_INVALID */
export function group<R extends Runtime>(runtime: R, ...[args, options = {}]: RestOf<R, GroupOptions>): Group<R> {
  const { concurrency = 1, dispatch = 'least-loaded', minReadyMs = 0, queue = 1000, replicas = 2, startsAtOnce = 8 } = options;
  const { budget = {}, callMs, head, in: places = 'process', surge = 1, tail, unavailable = 0, ...rest } = options;
  for (const [name, value] of Object.entries({ replicas, concurrency, startsAtOnce })) checkCount(name, value, 1);
  for (const [name, value] of Object.entries({ queue, surge, unavailable })) checkCount(name, value, 0);
  checkMs('minReadyMs', minReadyMs);
  checkMs('callMs', callMs, 1);
  if (surge + unavailable === 0) throw invalidOption('surge', surge, 'at least 1 where unavailable is 0: nothing could be replaced');
  if (dispatch !== 'round-robin' && dispatch !== 'least-loaded')
    throw invalidOption('dispatch', dispatch, "'round-robin' or 'least-loaded'");
  const list = (Array.isArray(places) ? places : [places]) as readonly PlaceName[];
  if (rest.maxRssMb !== undefined && list.some((one) => one !== 'process'))
    throw invalidOption('in', places, "'process', where maxRssMb is given");
  if (list.length === 0) throw invalidOption('in', places, 'a place, or a list of places');
  for (const [name, one] of Object.entries({ head, tail }))
    if (one !== undefined && !isAlwaysKept(one))
      throw invalidOption(name, one, 'what unit() gave, with restart: permanent and no stopExitCodes');
  const unit = declareUnit(runtime, args, rest, callFrames(13), new Error()) as Group<R>['unit'];
  const { kept, name } = unit;
  const change = { surge, unavailable, minReadyMs, startsAtOnce };
  const calls = { concurrency, dispatch, queue, callMs };
  return { [DECLARED]: 'group', name, unit, kept, head, tail, places: list, replicas, ...change, ...calls, budget: budgetOf(budget) };
}
