import { ResproutError } from '../../base/errors/errors.ts';
import type { RuntimeHooks, UnitSelf } from './runtime.ts';

type Step = (...args: never) => unknown;
const isFunction = (value: unknown): value is Step => typeof value === 'function';
const isClass = (value: unknown): value is new (given: unknown) => object => isFunction(value) && /^class\b/.test(String(value));
const isHolder = (value: unknown): value is Readonly<Record<string, unknown>> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

function invalid(what: string, saw: string): ResproutError {
  return new ResproutError('RUNTIME_INVALID', `${what} is no Runtime: ${saw}`, {
    tried: `use ${what} as a Runtime`,
    saw,
    do: 'Give a class whose instances have a function run, or an object that has one',
  });
}

/** What a step of the owner or of the place is; undefined where there is none. */
function step(holder: Readonly<Record<string, unknown>>, name: string, what: string): Step | undefined {
  const value = holder[name];
  if (value === undefined) return undefined;
  if (!isFunction(value)) throw invalid(what, `its ${name} is ${typeof value}, not a function`);
  return value;
}

/** The steps of a Runtime in the owner, after its form has been looked at. */
export interface OwnerSteps {
  readonly name: string;
  readonly prepare: ((args: unknown, owner: unknown) => unknown) | undefined;
  readonly cancel: ((given: unknown, signal: AbortSignal) => unknown) | undefined;
  /** Whether it has a step of its own that ends its work. */
  readonly drains: boolean;
}

/** @throws ResproutError RUNTIME_INVALID */
export function ownerSteps(runtime: unknown): OwnerSteps {
  const isMade = isClass(runtime);
  if (!isHolder(runtime)) throw invalid(String(runtime), `it is ${runtime === null ? 'null' : typeof runtime}`);
  const name = isMade ? runtime.name : 'the object';
  if (isFunction(runtime) && !isMade) throw invalid(runtime.name || 'a function', 'it is a function, not a class');
  const steps: unknown = isMade ? runtime.prototype : runtime;
  if (!isHolder(steps)) throw invalid(name, 'it has no prototype');
  if (step(steps, 'run', name) === undefined) throw invalid(name, isMade ? 'its instances have no function run' : 'it has no function run');
  for (const one of ['setup', 'drain', 'teardown']) step(steps, one, name);
  const bound = (one: string): ((...args: unknown[]) => unknown) | undefined => {
    const fn = step(runtime, one, name);
    return fn === undefined ? undefined : (...args) => Reflect.apply(fn, runtime, args) as unknown;
  };
  return { name, prepare: bound('prepare'), cancel: bound('cancel'), drains: steps['drain'] !== undefined };
}

/** The steps of one life, where it runs. */
export interface LifeSteps {
  setup(given: unknown, unit: UnitSelf): unknown;
  run(signal: AbortSignal, unit: UnitSelf): unknown;
  drain(unit: UnitSelf): unknown;
  teardown(unit: UnitSelf): unknown;
  /** Calls one of its methods. @throws ResproutError RUNTIME_INVALID when it has none of that name, and whatever the method throws */
  call(method: string, args: readonly unknown[]): unknown;
}

/** What no caller may call. */
const STEPS: readonly string[] = ['constructor', 'prepare', 'setup', 'run', 'drain', 'teardown', 'cancel'];

function method(made: Readonly<Record<string, unknown>>, name: string, what: string): Step {
  const value = STEPS.includes(name) || name in Object.prototype ? undefined : made[name];
  if (isFunction(value)) return value;
  throw new ResproutError('RUNTIME_INVALID', `${what} has no method ${JSON.stringify(name)} that can be called`, {
    tried: `call ${name} of ${what}`,
    saw: `${name} is ${STEPS.includes(name) ? 'a step of its life' : typeof value}`,
  });
}

/** Makes what one life runs: an instance of the class, or an object of its own behind which the given one stands. @throws RUNTIME_INVALID, or what the constructor throws */
export function makeLife(runtime: unknown, given: unknown, what: string): LifeSteps {
  if (!isHolder(runtime)) throw invalid(what, `it is ${runtime === null ? 'null' : typeof runtime} where it runs`);
  const made = (isClass(runtime) ? new runtime(given) : Object.create(runtime)) as RuntimeHooks & Readonly<Record<string, unknown>>;
  if (step(made, 'run', what) === undefined) throw invalid(what, 'it has no function run');
  return {
    setup: (value, unit) => made.setup?.(value as never, unit),
    run: (signal, unit) => made.run(signal, unit),
    drain: (unit) => made.drain?.(unit),
    teardown: (unit) => made.teardown?.(unit),
    call: (name, args) => Reflect.apply(method(made, name, what), made, args) as unknown,
  };
}
