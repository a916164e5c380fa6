import { codeOf, ResproutError } from '../../base/errors/errors.ts';
import { recorder } from '../../base/recorder.ts';
import { callFrames } from '../../platform/engine/call-sites.ts';
import type { Clock } from '../../base/seams/clock.ts';
import { realClock } from '../../platform/time/clock.ts';
import { realRandom } from '../../platform/random.ts';
import type { Runtime } from '../contract/runtime.ts';
import type { RuntimeAddress } from '../unit/messages.ts';
import type { ChildSpec, Keeper } from './child.ts';
import { Replicas } from '../groups/replicas.ts';
import { declareUnit, tree, type RestOf } from './declare.ts';
import {
  isDeclared,
  isGroup,
  isTree,
  type Declared,
  type Group,
  type Tree,
  type TreeOptions,
  type Unit,
  type UnitOptions,
} from './declared.ts';
import type { SupervisorEvent } from './events.ts';
import { Supervisor } from './supervisor.ts';
import { KeeperChild } from './keeper-child.ts';
import { addressOf, unitChild } from './unit-child.ts';

/** Options of `supervise` beside those of the unit. */
export interface SuperviseOptions {
  /** Gives the start up: what has begun is closed, then its reason is thrown. Later it changes nothing. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each event, in the turn in which it happens. */
  readonly onEvent?: ((event: SupervisorEvent) => void) | undefined;
}

/**
 * Starts what was declared and keeps it alive; resolves when all of it is ready.
 *
 *     await using web = await supervise(Web, { port: 8080 }, { in: 'thread' });
 *     await using all = await supervise(tree({ units: [unit(Store), unit(Web, { port: 8080 })] }));
 *
 * @throws ResproutError why it could not start, when nothing of it is left: UNIT_FAILED, UNIT_LATE, UNIT_LEAKED, SUPERVISE_GAVE_UP; before that
 * RUNTIME_INVALID, SUPERVISE_INVALID, REMOTE_FUNCTION_NOT_TOP_LEVEL, REMOTE_MAIN_UNGUARDED, REMOTE_SOURCE_CHANGED
 */
export function supervise<R extends Runtime>(
  runtime: R,
  ...rest: RestOf<R, UnitOptions & Pick<TreeOptions, 'budget'> & SuperviseOptions>
): Promise<Supervisor>;
export function supervise<R extends Runtime>(declared: Group<R>, options?: SuperviseOptions): Promise<Replicas<R>>;
export function supervise(declared: Tree | Unit, options?: SuperviseOptions): Promise<Supervisor>;
export async function supervise(what: unknown, first?: unknown, second?: unknown): Promise<Supervisor | Replicas> {
  if (isDeclared(what)) {
    const options = (first ?? {}) as SuperviseOptions;
    if (isGroup(what)) return await started(what, options, (build) => build.group(what, options.onEvent));
    const declared = isTree(what) ? what : tree({ name: what.name, units: [what] });
    return await started(declared, options, (build) => build.tree(declared, options.onEvent));
  }
  const options = (second ?? {}) as UnitOptions & Pick<TreeOptions, 'budget'> & SuperviseOptions;
  const one = declareUnit(what as Runtime, first, options, callFrames(13), new Error());
  const declared = tree({ name: one.name, units: [one], budget: options.budget });
  return await started(declared, options, (build) => build.tree(declared, options.onEvent));
}

async function started<K extends Keeper>(declared: Tree | Group, { signal }: SuperviseOptions, make: (build: Build) => K): Promise<K> {
  if (recorder() !== undefined)
    throw new ResproutError('SUPERVISE_INVALID', 'supervise does not work in a durable session: a replay would start the units again', {
      do: 'Supervise in a plain program',
    });
  signal?.throwIfAborted();
  const addresses = new Map<Runtime, RuntimeAddress>();
  for (const one of unitsOf(declared)) if (!addresses.has(one.runtime)) addresses.set(one.runtime, await addressOf(one));
  const keeper = make(new Build(addresses));
  signal?.throwIfAborted();
  // A leak is thrown by `start` then: it is the reason of the end.
  const giveUp = (): void => void keeper.close().catch(() => {});
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    await keeper.start();
    return keeper;
  } catch (error) {
    if (codeOf(error) === 'UNIT_STOPPED') signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

function unitsOf(declared: Declared): readonly Unit[] {
  if (isTree(declared)) return declared.units.flatMap(unitsOf);
  return isGroup(declared) ? [declared.unit, declared.head ?? [], declared.tail ?? []].flat() : [declared];
}

type OnEvent = ((event: SupervisorEvent) => void) | undefined;

/** Makes what was declared, when its Runtimes were found. */
class Build {
  readonly #addresses: ReadonlyMap<Runtime, RuntimeAddress>;
  readonly #clock: Clock = realClock;

  constructor(addresses: ReadonlyMap<Runtime, RuntimeAddress>) {
    this.#addresses = addresses;
  }

  tree({ budget, name, ranks, startsAtOnce, strategy, units }: Tree, onEvent: OnEvent): Supervisor {
    const children = units.map((one): ChildSpec => {
      if (!isTree(one) && !isGroup(one)) return unitChild(one, this.#addressOf(one.runtime), this.#clock);
      const below = (event: SupervisorEvent): void => onEvent?.({ ...event, unit: `${one.name}/${event.unit}` });
      const make = (): Keeper => (isTree(one) ? this.tree(one, below) : this.group(one, below));
      return { name: one.name, kept: one.kept, make: (_life, onState) => new KeeperChild(make(), onState) };
    });
    const fraction = (): number => realRandom.fraction();
    return new Supervisor({ name, children, ranks, startsAtOnce, strategy, budget, clock: this.#clock, fraction, onEvent });
  }

  group<R extends Runtime>(declared: Group<R>, onEvent: OnEvent): Replicas<R> {
    const parts = { addressOf: (runtime: Runtime) => this.#addressOf(runtime), clock: this.#clock, fraction: () => realRandom.fraction() };
    return new Replicas(declared, { ...parts, onEvent });
  }

  #addressOf(runtime: Runtime): RuntimeAddress {
    return this.#addresses.get(runtime) as RuntimeAddress;
  }
}
