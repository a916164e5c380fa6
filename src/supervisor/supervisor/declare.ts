// Declarations: data that says what is to be kept alive. Nothing runs before `supervise`.
import { callFrames, type CallFrame } from '../../platform/engine/call-sites.ts';
import { ownerSteps } from '../contract/check-runtime.ts';
import { declaredAt } from '../contract/declared-at.ts';
import { checkCount, checkLifeOptions, checkMs, invalidOption } from '../contract/options.ts';
import type { ArgsOf, Runtime } from '../contract/runtime.ts';
import type { Budget, Kept } from '../restarts/rules.ts';
import {
  DECLARED,
  isDeclared,
  type Declared,
  type KeepOptions,
  type Tree,
  type TreeOptions,
  type Unit,
  type UnitList,
  type UnitOptions,
} from './declared.ts';

/** The arguments behind a Runtime: left out where it takes none. */
export type RestOf<R, O> = undefined extends ArgsOf<R> ? [args?: ArgsOf<R>, options?: O] : [args: ArgsOf<R>, options?: O];

const RESTARTS: readonly unknown[] = ['permanent', 'transient', 'temporary'];
const STARTS_AT_ONCE = 8;
const STRATEGIES: readonly unknown[] = ['one-for-one', 'one-for-all', 'rest-for-one'];

/** Declares a unit. @throws ResproutError RUNTIME_INVALID, SUPERVISE_INVALID */
export function unit<R extends Runtime>(runtime: R, ...[args, options = {}]: RestOf<R, UnitOptions>): Unit {
  return declareUnit(runtime, args, options, callFrames(13), new Error());
}

/** @internal The same, with what was taken at the call. */
export function declareUnit(runtime: Runtime, args: unknown, options: UnitOptions, frames: readonly CallFrame[], at: Error): Unit {
  const steps = ownerSteps(runtime);
  checkLifeOptions(options);
  checkMs('maxAgeMs', options.maxAgeMs, 1);
  checkMs('watchdogMs', options.watchdogMs, 1);
  checkCount('maxRssMb', options.maxRssMb, 1);
  checkWatch(options.watch);
  if (options.maxRssMb !== undefined && (options.in ?? 'process') !== 'process')
    throw invalidOption('in', options.in, "'process', where maxRssMb is given");
  checkCount('liveness.failures', options.liveness?.failures, 1);
  const name = options.name ?? steps.name;
  if (typeof name !== 'string' || !/^[\w.@:-]{1,64}$/.test(name))
    throw invalidOption('name', name, 'up to 64 letters, digits and . @ : _ - (an object needs the option name)');
  return { [DECLARED]: 'unit', name, runtime, args, steps, options, kept: keptOf(options), declared: declaredAt(at), frames };
}

function checkWatch(value: unknown): void {
  if (value === undefined || (Array.isArray(value) && value.length > 0 && value.every((path) => typeof path === 'string' && path !== '')))
    return;
  throw invalidOption('watch', value, 'a list of paths');
}

/**
 * Declares a supervisor over units and supervisors, in the order in which they start: each when the one before is ready, those of an inner
 * list side by side.
 *
 *     tree({ units: [unit(Store), [unit(Mailer), unit(Reports)], unit(Web)] })
 *
 * @throws ResproutError SUPERVISE_INVALID
 */
export function tree(options: TreeOptions & KeepOptions & { readonly units: UnitList }): Tree {
  const { budget = {}, name = 'supervisor', startsAtOnce = STARTS_AT_ONCE, strategy = 'one-for-one' } = options;
  if (!STRATEGIES.includes(strategy)) throw invalidOption('strategy', strategy, STRATEGIES.join(', '));
  const ranked = rankedOf(options.units);
  if (ranked === undefined) throw invalidOption('units', options.units, 'a list of what unit() and tree() gave, and of lists of it');
  const units = ranked.map(({ one }) => one);
  const names = units.map((one) => one.name);
  const twice = names.find((one, at) => names.indexOf(one) !== at);
  if (twice !== undefined) throw invalidOption('name', twice, 'a name that no other unit of the supervisor has');
  checkCount('startsAtOnce', startsAtOnce, 1);
  const ranks = ranked.map(({ rank }) => rank);
  return { [DECLARED]: 'tree', name, strategy, budget: budgetOf(budget), kept: keptOf(options), units, ranks, startsAtOnce };
}

/** Each unit with the number of its place in the outer list; undefined when there is anything else, or nothing. */
function rankedOf(units: unknown): readonly { readonly one: Declared; readonly rank: number }[] | undefined {
  if (!Array.isArray(units)) return undefined;
  const ranked = units.flatMap((entry: unknown, rank) => (Array.isArray(entry) ? entry : [entry]).map((one: unknown) => ({ one, rank })));
  const isGood = (all: typeof ranked): all is { one: Declared; rank: number }[] => all.every(({ one }) => isDeclared(one));
  return ranked.length > 0 && isGood(ranked) ? ranked : undefined;
}

/** A budget with all of its fields. @throws ResproutError SUPERVISE_INVALID */
export function budgetOf({ restarts = 10, withinMs = 300_000 }: Partial<Budget>): Budget {
  checkCount('budget.restarts', restarts, 0);
  checkMs('budget.withinMs', withinMs, 1);
  return { restarts, withinMs };
}

function keptOf({ backOff = {}, restart = 'permanent', stopExitCodes = [] }: KeepOptions): Kept {
  if (!RESTARTS.includes(restart)) throw invalidOption('restart', restart, RESTARTS.join(', '));
  if (!stopExitCodes.every((code) => Number.isInteger(code))) throw invalidOption('stopExitCodes', stopExitCodes, 'a list of exit codes');
  const { factor = 2, firstMs = 100, jitter = 0.2, mostMs = 30_000, resetMs = 60_000 } = backOff;
  checkMs('backOff.firstMs', firstMs);
  checkMs('backOff.mostMs', mostMs);
  checkMs('backOff.resetMs', resetMs);
  if (!(factor >= 1 && factor <= 100)) throw invalidOption('backOff.factor', factor, 'a number from 1 to 100');
  if (!(jitter >= 0 && jitter <= 1)) throw invalidOption('backOff.jitter', jitter, 'a number from 0 to 1');
  return { restart, backOff: { factor, firstMs, jitter, mostMs, resetMs }, stopExitCodes };
}
