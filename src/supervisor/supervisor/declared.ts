// What is declared: data that says what is to be kept alive.
import type { CallFrame } from '../../platform/engine/call-sites.ts';
import type { OwnerSteps } from '../contract/check-runtime.ts';
import type { LifeOptions } from '../contract/options.ts';
import type { Runtime } from '../contract/runtime.ts';
import type { DispatchOptions } from '../groups/dispatch.ts';
import type { Place } from '../places/place.ts';
import type { Probe } from '../probes/probe.ts';
import type { BackOff, Budget, Kept, Restart, Strategy } from '../restarts/rules.ts';

/** An open context of `resprout/remote`, or a function that opens one: it is called for each life, so that a lost one is opened again. */
export type ContextPlace = { readonly name: string; close(): Promise<void> };

/** Where a unit runs. */
export type PlaceName = 'thread' | 'process' | ContextPlace | (() => Promise<ContextPlace>);

/** How a child is kept. */
export interface KeepOptions {
  /** @default 'permanent' */
  readonly restart?: Restart | undefined;
  readonly backOff?: Partial<BackOff> | undefined;
  /** Exit codes after which it is not started again. */
  readonly stopExitCodes?: readonly number[] | undefined;
}

/** Options of a unit. */
export interface UnitOptions extends LifeOptions<PlaceName>, KeepOptions {
  /** It is made new when it has been ready for so long, milliseconds. No crash. */
  readonly maxAgeMs?: number | undefined;
  /** It is made new when its process holds more mebibytes of memory than that (RSS); looked at each second. No crash. Of processes of this machine. */
  readonly maxRssMb?: number | undefined;
  /**
   * Files and folders, all below them included: when one changes it is made new. No crash. `node_modules`, `.git` and `.resprout` are left out.
   * Relative paths are those of the process.
   */
  readonly watch?: readonly string[] | undefined;
  /** It has to call `unit.alive()` at least so often, milliseconds, once it is ready; otherwise it has failed. */
  readonly watchdogMs?: number | undefined;
  /** Asked once it is ready. After `failures` bad answers in a row (3 when absent) it has failed. */
  readonly liveness?: (Probe & { readonly failures?: number }) | undefined;
}

/** Options of a supervisor. */
export interface TreeOptions {
  /** @default 'supervisor' */
  readonly name?: string | undefined;
  /** @default 'one-for-one' */
  readonly strategy?: Strategy | undefined;
  /** @default { restarts: 10, withinMs: 300000 } */
  readonly budget?: Partial<Budget> | undefined;
  /** How many units of one inner list start at once. @default 8 */
  readonly startsAtOnce?: number | undefined;
}

/** Units in the order of their start. Those of an inner list depend on nobody of it: they start and stop side by side. */
export type UnitList = readonly (Declared | readonly Declared[])[];

export const DECLARED: unique symbol = Symbol('resprout.declared') as never;

/** A declared unit. */
export interface Unit {
  readonly [DECLARED]: 'unit';
  readonly name: string;
  readonly runtime: Runtime;
  readonly args: unknown;
  readonly steps: OwnerSteps;
  readonly options: UnitOptions;
  readonly kept: Kept;
  readonly declared: string;
  readonly frames: readonly CallFrame[];
  /** Of a program that is not ours: it is its own place, and has no Runtime. */
  readonly place?: Place | undefined;
}

/** A declared supervisor: a child of another one, or the root. */
export interface Tree {
  readonly [DECLARED]: 'tree';
  readonly name: string;
  readonly strategy: Strategy;
  readonly budget: Budget;
  readonly kept: Kept;
  readonly units: readonly Declared[];
  /** The rank of each unit. */
  readonly ranks: readonly number[];
  readonly startsAtOnce: number;
}

/** A declared group: replicas of one unit, with what stands before and behind them. */
export interface Group<R extends Runtime = Runtime> extends DispatchOptions {
  readonly [DECLARED]: 'group';
  readonly name: string;
  /** What each replica is, but for its name, its place and its arguments. */
  readonly unit: Unit & { readonly runtime: R };
  readonly head: Unit | undefined;
  readonly tail: Unit | undefined;
  /** The places of the replicas, in turn. */
  readonly places: readonly PlaceName[];
  readonly replicas: number;
  readonly surge: number;
  readonly unavailable: number;
  readonly minReadyMs: number;
  readonly startsAtOnce: number;
  /** How long a call may take; undefined for any time. */
  readonly callMs: number | undefined;
  readonly budget: Budget;
  readonly kept: Kept;
}

/** What `unit`, `tree` and `group` give. */
export type Declared = Unit | Tree | Group;

/** Whether a value was made by one of them. */
export function isDeclared(value: unknown): value is Declared {
  return typeof value === 'object' && value !== null && DECLARED in value;
}

/** Whether it is a supervisor. */
export function isTree(declared: Declared): declared is Tree {
  return declared[DECLARED] === 'tree';
}

/** Whether it is a group. */
export function isGroup(declared: Declared): declared is Group {
  return declared[DECLARED] === 'group';
}
