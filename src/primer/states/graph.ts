// The typed graph of states. A state names its parents; what `reach` gets of them has their types, and only declared parents can be reached:
// an undeclared one is an error of the compiler. Parents are values, so a cycle cannot be written.
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
  readonly parents: readonly AnyState[];
  look(context: PrimeContext): Look;
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
  readonly #states = new Map<string, AnyState>();
  readonly #reached = new Map<AnyState, Promise<unknown>>();

  constructor(targets: readonly AnyState[]) {
    const add = (state: AnyState): void => {
      const same = this.#states.get(state.name);
      if (same !== undefined && same !== state) throw new Error(`two states are named ${state.name}`);
      state.parents.forEach(add);
      this.#states.set(state.name, state);
    };
    targets.forEach(add);
  }

  /** All states, parents first. */
  get states(): readonly AnyState[] {
    return [...this.#states.values()];
  }

  /** The state of a name. @throws PrimeError PRIME_NO_STATE with near names */
  find(name: string): AnyState {
    const state = this.#states.get(name);
    if (state !== undefined) return state;
    const names = [...this.#states.keys()];
    throw new PrimeError('PRIME_NO_STATE', `there is no state named ${name}`, {
      saw: `states here: ${names.join(', ')}`,
      do: near(name, names) ?? 'Use one of these names',
    });
  }

  /** Reaches a state and, as far as it asks for them, its parents. */
  reach(context: PrimeContext, state: AnyState): Promise<unknown> {
    const known = this.#reached.get(state);
    if (known !== undefined) return known;
    const parents = Object.fromEntries(state.parents.map((parent) => [parent.name, () => this.reach(context, parent)]));
    const reached = state.reach(context, parents as never);
    this.#reached.set(state, reached);
    return reached;
  }
}
