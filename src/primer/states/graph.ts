// The typed graph of states. A state names its parents; what `reach` gets of them has their types, and only declared parents can be reached:
// an undeclared one is an error of the compiler. Parents are found by name, so that a state which takes the place of another does so for all.
import type { PrimeContext } from '../context.ts';
import { near } from '../near.ts';
import { PrimeError } from '../problem.ts';

/** How a state is found without changing anything. */
export interface Look {
  readonly fresh: boolean;
  /** Why it is or is not, in a few words. */
  readonly why: string;
}

/** A state of any type. */
export interface AnyState {
  readonly name: string;
  readonly does: string;
  readonly parents: readonly { readonly name: string }[];
  look(context: PrimeContext): Look | Promise<Look>;
  // The values of parents are handed in by the graph, which reads `parents` above.
  reach(context: PrimeContext, parents: never): Promise<unknown>;
}

/** What a state hands to the states below it. */
type ValueOf<S extends AnyState> = Awaited<ReturnType<S['reach']>>;

/** Parents as functions: a state asks for those that it needs now; each is reached once. */
export type ParentsOf<P extends readonly AnyState[]> = { readonly [S in P[number] as S['name']]: () => Promise<ValueOf<S>> };

/** A state with the types of its parents. */
export interface State<Name extends string, P extends readonly AnyState[], V> extends AnyState {
  readonly name: Name;
  readonly parents: P;
  look(context: PrimeContext): Look;
  reach(context: PrimeContext, parents: ParentsOf<P>): Promise<V>;
}

/** Defines a state; all its types are inferred. */
export function defineState<const Name extends string, const P extends readonly AnyState[], V>(given: {
  readonly name: Name;
  readonly does: string;
  readonly parents: P;
  look(context: PrimeContext): Look;
  reach(context: PrimeContext, parents: ParentsOf<P>): Promise<V>;
}): State<Name, P, V> {
  return given;
}

/** Evaluates states of one run. Every state is reached at most once. */
export class Graph {
  readonly #proto = new Map<string, AnyState>();
  readonly #states = new Map<string, AnyState>();
  readonly #reached = new Map<string, Promise<unknown>>();
  /** Whether the client's states are in it. */
  isExtended = false;

  /** @param states those of the kernel */
  constructor(states: readonly AnyState[]) {
    for (const state of states) this.#proto.set(state.name, state);
    this.#states = new Map(this.#proto);
  }

  /** All states, parents first. */
  get states(): readonly AnyState[] {
    return inOrder(this.#states);
  }

  /** Names of all states, parents first. */
  get names(): readonly string[] {
    return this.states.map((state) => state.name);
  }

  has(name: string): boolean {
    return this.#states.has(name);
  }

  /** Whether a state is the kernel's own, as it was before the client's states came. */
  isProto(state: AnyState): boolean {
    return this.#proto.get(state.name) === state;
  }

  isReached(name: string): boolean {
    return this.#reached.has(name);
  }

  /** A state and all that it may ask for, however far. */
  closureOf(name: string): readonly string[] {
    const seen = new Set<string>();
    const add = (one: string): void => {
      if (seen.has(one)) return;
      seen.add(one);
      this.#states.get(one)?.parents.forEach((parent) => add(parent.name));
    };
    add(name);
    return [...seen];
  }

  /** The state of a name. @throws PrimeError PRIME_NO_STATE with near names */
  find(name: string): AnyState {
    const state = this.#states.get(name);
    if (state !== undefined) return state;
    const { names } = this;
    throw new PrimeError('PRIME_NO_STATE', `there is no state named ${name}`, {
      saw: `states here: ${names.join(', ')}`,
      do: near(name, names) ?? 'Use one of these names',
    });
  }

  /** Adds a state, or puts it in the place of one; what was reached under that name before counts for the new name `kept` only. */
  put(state: AnyState, kept?: string): void {
    const old = this.#states.get(state.name);
    const reached = this.#reached.get(state.name);
    if (kept !== undefined && old !== undefined) {
      this.#states.set(kept, { ...old, name: kept });
      if (reached !== undefined) this.#reached.set(kept, reached);
    }
    this.#reached.delete(state.name);
    this.#states.set(state.name, state);
  }

  /** Reaches a state and, as far as it asks for them, its parents. */
  reach(context: PrimeContext, name: string): Promise<unknown> {
    const known = this.#reached.get(name);
    if (known !== undefined) return known;
    const state = this.find(name);
    const parents = Object.fromEntries(state.parents.map((parent) => [parent.name, () => this.reach(context, parent.name)]));
    const reached = state.reach(context, parents as never);
    this.#reached.set(name, reached);
    return reached;
  }

  /** When all that was begun has ended, well or not. */
  async settled(): Promise<void> {
    const begun = (): readonly Promise<unknown>[] => [...this.#reached.values()];
    for (let count = -1; count !== begun().length;) {
      count = begun().length;
      await Promise.all(begun().map((reached) => reached.catch(() => undefined)));
    }
  }

  /** Names that lead round in a circle, such as `a, b, a`; undefined when none do. */
  circle(): readonly string[] | undefined {
    const done = new Set<string>();
    const walk = (name: string, way: readonly string[]): readonly string[] | undefined => {
      if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
      if (done.has(name)) return undefined;
      for (const parent of this.#states.get(name)?.parents ?? []) {
        const found = walk(parent.name, [...way, name]);
        if (found !== undefined) return found;
      }
      done.add(name);
      return undefined;
    };
    for (const name of this.#states.keys()) {
      const found = walk(name, []);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function inOrder(states: ReadonlyMap<string, AnyState>): readonly AnyState[] {
  const ordered = new Set<AnyState>();
  const add = (state: AnyState, way: readonly AnyState[]): void => {
    if (ordered.has(state) || way.includes(state)) return;
    for (const parent of state.parents) {
      const one = states.get(parent.name);
      if (one !== undefined) add(one, [...way, state]);
    }
    ordered.add(state);
  };
  for (const state of states.values()) add(state, []);
  return [...ordered];
}
