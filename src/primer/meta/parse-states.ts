// What a client's module exports, checked: it may be JavaScript that no compiler has seen.
import type { AnyState } from '../../primer-api/state.ts';
import { STATE_NAME } from '../config/client-states.ts';
import { PrimeError } from '../problem.ts';

const KINDS = ['add', 'replace', 'wrap'];
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** What is wrong with one; undefined when nothing is. */
function fault(value: Readonly<Record<string, unknown>>): string | undefined {
  const { kind, name, does, parents, onDemand, look, reach } = value;
  if (typeof name !== 'string' || !STATE_NAME.test(name)) return `has the name ${JSON.stringify(name)}`;
  if (typeof kind !== 'string' || !KINDS.includes(kind)) return 'was not made by defineState, replaceState or wrapState';
  if (typeof does !== 'string' || does === '') return 'does not say what it does';
  if (typeof reach !== 'function') return 'has no function reach';
  if (look !== undefined && typeof look !== 'function') return 'has a look that is no function';
  for (const list of [parents, onDemand])
    if (!Array.isArray(list) || !list.every((one) => isObject(one) && typeof one['name'] === 'string' && typeof one['kind'] === 'string'))
      return 'has a parent that is no state';
  return undefined;
}

/**
 * The states of a list, and those that they name and the list does not have: parents, and what they change. Those that change others come last.
 * @throws PrimeError PRIME_STATES_INVALID
 */
export function parseStates(module: string, list: readonly unknown[]): readonly AnyState[] {
  const refuse = (which: string, what: string): never => {
    throw new PrimeError('PRIME_STATES_INVALID', `${which} ${what}`, { at: module, do: `Correct ${module}; docs/adopt.md shows one` });
  };
  const seen = new Set<AnyState>();
  const states = new Map<string, AnyState>();
  const changes: AnyState[] = [];
  const add = (value: unknown, which: string): void => {
    if (!isObject(value)) return refuse(which, 'is no state');
    const wrong = fault(value);
    if (wrong !== undefined) return refuse(typeof value['name'] === 'string' ? `state ${value['name']}` : which, wrong);
    // Every field that is used was looked at.
    const state = value as unknown as AnyState;
    if (seen.has(state)) return;
    seen.add(state);
    // One that changes another brings that along.
    if (state.old !== undefined && state.old.kind !== 'proto') add(state.old, `what state ${state.name} changes`);
    if (state.kind === 'add') {
      if (states.has(state.name)) return refuse(`state ${state.name}`, 'is there twice');
      states.set(state.name, state);
    } else changes.push(state);
  };
  list.forEach((value, i) => add(value, `entry ${i + 1} of states`));
  for (const state of seen)
    for (const parent of [...state.parents, ...state.onDemand])
      if (parent.kind !== 'proto' && !states.has(parent.name)) add(parent, `a parent of state ${state.name}`);
  return [...states.values(), ...changes];
}
