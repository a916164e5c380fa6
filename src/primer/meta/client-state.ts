// A state of a client as a state of the graph: looked at, and reached under the lock of the folder when that finds something to do.
import type { AnyState as ApiState } from '../../primer-api/state.ts';
import type { AnyLook, StateContext } from '../../primer-api/state-context.ts';
import type { PrimeContext } from '../context.ts';
import { PrimeError, toError } from '../problem.ts';
import type { AnyState, Graph, Look } from '../states/graph.ts';
import { placeIn } from './load-states.ts';
import type { Line } from '../screen/line.ts';
import { stateContext } from './state-context.ts';

/** The name of a state after another one was put around it: `_NAME`, and `__NAME` for what that one was put around. */
export const innerName = (graph: Graph, name: string): string => (graph.has(`_${name}`) ? innerName(graph, `_${name}`) : `_${name}`);

type Ask = Readonly<Record<string, () => Promise<unknown>>>;

/** What a state threw, as an error that names it. */
function failed(name: string, thrown: unknown, root: string): Error {
  if (thrown instanceof PrimeError) return thrown;
  const error = toError(thrown);
  const problem = new PrimeError('PRIME_STATE_FAILED', `state ${name} failed`, {
    at: placeIn(error, root) ?? `state ${name}`,
    saw: error.message,
    kept: 'States that were reached before are as they are',
    do: 'Correct what it says, then run it again',
  });
  if (error.stack !== undefined) problem.stack = error.stack;
  return problem;
}

/** Values of parents by name. Another name is an error: who wrote it in JavaScript had no compiler to say so. */
function givenTo(name: string, values: Readonly<Record<string, unknown>>): object {
  return new Proxy(values, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key) as unknown;
      throw new PrimeError('PRIME_STATES_INVALID', `state ${name} asks for ${key}, which is not among its parents`, {
        saw: `its parents: ${Object.keys(target).join(', ') || 'none'}`,
        do: `Add ${key} to its parents or to onDemand`,
      });
    },
  });
}

function checked(name: string, look: AnyLook): AnyLook {
  const seen: unknown = look;
  if (typeof seen === 'object' && seen !== null && 'fresh' in seen && typeof seen.fresh === 'boolean' && 'why' in seen) return look;
  throw new PrimeError('PRIME_STATES_INVALID', `look of state ${name} gives ${JSON.stringify(seen)}`, {
    do: 'Give { fresh: true or false, why: "…" }',
  });
}

/**
 * Adapts one. Parents are reached side by side, then it is looked at, and reached when something has to be done.
 * @param inner what the state is called that it wraps
 */
export function clientState(state: ApiState, inner = ''): AnyState {
  const { name, does, unlocked } = state;
  const isWrapper = state.kind === 'wrap';
  const onDemand = state.onDemand.map((one) => one.name);
  const parents = [...state.parents.map((one) => one.name), ...onDemand, ...(isWrapper ? [inner] : [])];

  const lookAt = async (context: StateContext): Promise<AnyLook> => {
    if (state.look === undefined) return { fresh: false, why: 'it is done every time' };
    return checked(name, await state.look(context));
  };

  const valuesFor = async (ask: Ask): Promise<Readonly<Record<string, unknown>>> => {
    const values: Record<string, unknown> = {};
    const reached = await Promise.all(state.parents.map((one): Promise<unknown> => ask[one.name]?.() ?? Promise.resolve()));
    state.parents.forEach((one, i) => (values[one.name] = reached[i]));
    for (const one of onDemand) values[one] = ask[one];
    if (isWrapper) values['inner'] = ask[inner];
    return values;
  };

  const work = async (context: PrimeContext, line: Line, ask: Ask): Promise<unknown> => {
    const values = await valuesFor(ask);
    const facing = stateContext(context, name, line);
    const before = await lookAt(facing);
    if (before.fresh) return before.value;
    if (!unlocked) {
      await context.own();
      // Whoever held the folder meanwhile may have done it.
      const now = await lookAt(facing);
      if (now.fresh) return now.value;
    }
    return state.reach(facing, givenTo(name, values) as never);
  };

  return {
    name,
    does,
    parents: parents.map((one) => ({ name: one })),
    async look(context): Promise<Look> {
      const { fresh, why } = await lookAt(stateContext(context, name, context.line(name)));
      return { fresh, why };
    },
    async reach(context: PrimeContext, ask: Ask): Promise<unknown> {
      const line = context.line(name);
      try {
        const value = await work(context, line, ask);
        line.done();
        return value;
      } catch (error) {
        line.failed();
        throw failed(name, error, context.config.root);
      }
    },
  };
}
