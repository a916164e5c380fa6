// States as a repository adds them to the primer's graph: data, with the types of their parents. Nothing here acts; the kernel does.
// A parent is named by its definition and found by its name: who replaces or wraps a state changes it for all that need it.
import type { AnyLook, Look, PrimeNpm, StateContext } from './state-context.ts';

/** A state of any type. */
export interface AnyState {
  readonly kind: 'add' | 'replace' | 'wrap' | 'proto';
  readonly name: string;
  readonly does: string;
  readonly parents: readonly AnyState[];
  readonly onDemand: readonly AnyState[];
  readonly unlocked: boolean;
  /** The state that it replaces or wraps. */
  readonly old?: AnyState;
  look?(context: StateContext): AnyLook | Promise<AnyLook>;
  // The values of parents are handed in by the graph, which reads the lists above.
  reach(context: StateContext, given: never): unknown;
}

/** What a state hands to the states that need it. */
export type ValueOf<S extends AnyState> = Awaited<ReturnType<S['reach']>>;

/** What a state is given: values of its parents by name, and a function for each that it may ask for. */
export type Given<P extends readonly AnyState[], D extends readonly AnyState[]> = {
  readonly [S in P[number] as S['name']]: ValueOf<S>;
} & { readonly [S in D[number] as S['name']]: () => Promise<ValueOf<S>> };

/** A state with its name, parents and value. */
export interface State<Name extends string, P extends readonly AnyState[], D extends readonly AnyState[], V> extends AnyState {
  readonly name: Name;
  readonly parents: P;
  readonly onDemand: D;
  look?(context: StateContext): Look<V> | Promise<Look<V>>;
  reach(context: StateContext, given: Given<P, D>): Promise<V>;
}

/** What a state is made of. */
export interface StateParts<P extends readonly AnyState[], D extends readonly AnyState[], V, G = Given<P, D>> {
  /** One line for `./prime graph`. */
  readonly does: string;
  /** Reached before this one, side by side where they do not need each other. */
  readonly parents?: P;
  /** Reached when `reach` calls them. */
  readonly onDemand?: D;
  /** It does not change the folder, so that others may work there meanwhile. Default false: one process at a time. */
  readonly unlocked?: boolean;
  /** Whether something has to be done. Changes nothing; also asked by `--dry` and `eval`. Without it `reach` runs every time. */
  look?(context: StateContext): Look<NoInfer<V>> | Promise<Look<NoInfer<V>>>;
  /** Does it. Called once in a run at most, and again in the next: doing it twice must be the same as once. */
  reach(context: StateContext, given: G): V | Promise<V>;
}

type Loose = Omit<AnyState, 'kind' | 'name' | 'parents' | 'onDemand' | 'unlocked' | 'old'> &
  Partial<Pick<AnyState, 'parents' | 'onDemand' | 'unlocked'>>;

const made = (kind: AnyState['kind'], name: string, parts: Loose, old?: AnyState): AnyState => ({
  ...parts,
  ...(old === undefined ? {} : { old }),
  kind,
  name,
  parents: parts.parents ?? [],
  onDemand: parts.onDemand ?? [],
  unlocked: parts.unlocked ?? false,
});

/** Defines a state; all its types are inferred. `reach` can name declared parents only. */
export function defineState<
  const Name extends string,
  V,
  const P extends readonly AnyState[] = [],
  const D extends readonly AnyState[] = [],
>(name: Name, parts: StateParts<P, D, V>): State<Name, P, D, V> {
  return made('add', name, parts as unknown as Loose) as State<Name, P, D, V>;
}

/** Puts another state in the place of one: whoever needs the old one gets this one. It hands on a value of the same type. */
export function replaceState<S extends AnyState, const P extends readonly AnyState[] = [], const D extends readonly AnyState[] = []>(
  old: S,
  parts: StateParts<P, D, ValueOf<S>>,
): State<S['name'], P, D, ValueOf<S>> {
  return made('replace', old.name, parts as unknown as Loose, old) as State<S['name'], P, D, ValueOf<S>>;
}

/** Puts a state around one: `inner` reaches the old one, which is called `_NAME` from then on. It hands on a value of the same type. */
export function wrapState<S extends AnyState, const P extends readonly AnyState[] = [], const D extends readonly AnyState[] = []>(
  old: S,
  parts: StateParts<P, D, ValueOf<S>, Given<P, D> & { readonly inner: () => Promise<ValueOf<S>> }>,
): State<S['name'], P, D, ValueOf<S>> {
  return made('wrap', old.name, parts as unknown as Loose, old) as State<S['name'], P, D, ValueOf<S>>;
}

const protoState = <const Name extends string, V>(name: Name, does: string): State<Name, [], [], V> =>
  made('proto', name, {
    does,
    reach: (): never => {
      throw new Error(`${name} is a state of the kernel: name it as a parent`);
    },
  }) as State<Name, [], [], V>;

/** The states of the kernel, for lists of parents. */
export const proto: {
  /** Absolute path of the required Node. */
  readonly node: State<'node', [], [], string>;
  readonly npm: State<'npm', [], [], PrimeNpm>;
  /** A key of what is installed: another one after every change. */
  readonly packages: State<'packages', [], [], string>;
  /** There where the configuration has `built`. */
  readonly built: State<'built', [], [], void>;
} = {
  node: protoState('node', 'the required Node'),
  npm: protoState('npm', 'the npm that installs'),
  packages: protoState('packages', 'the packages of the lockfile'),
  built: protoState('built', 'what the configuration builds'),
};
