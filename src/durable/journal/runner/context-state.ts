// The open contexts of a session, as its runner tells them.
import type { ContextState } from '../../../base/context-state.ts';
import { ResproutError } from '../../../base/errors/errors.ts';

/** What TREE answers. */
export interface TreeMessage {
  /** That of the question. */
  readonly n: number;
  readonly contexts: readonly ContextState[];
}

/** A name or a version: what is longer is none. */
const MOST_CHARS = 300;

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseContextState(value: unknown): ContextState {
  const fields = fieldsOf(value);
  const text = (name: string): string => {
    const given = fields[name];
    if (typeof given !== 'string') throw bad(`${name} is no text`);
    return given.slice(0, MOST_CHARS);
  };
  const whole = (name: string): number => {
    const given = fields[name];
    if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < 0) throw bad(`${name} is no whole number`);
    return given;
  };
  return {
    id: whole('id'),
    name: text('name'),
    method: text('method'),
    via: whole('via'),
    pid: whole('pid'),
    node: text('node'),
    hostname: text('hostname'),
    generation: whole('generation'),
    calls: whole('calls'),
    oldestCallMs: whole('oldestCallMs'),
  };
}

/** @throws ResproutError WIRE_BAD_VALUE */
export function parseTree(value: unknown): TreeMessage {
  const { contexts, n } = fieldsOf(value);
  if (typeof n !== 'number' || !Array.isArray(contexts)) throw bad('it is no answer');
  return { n, contexts: contexts.map(parseContextState) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw bad('it is no object');
  return Object.fromEntries(Object.entries(value));
}

function bad(why: string): ResproutError {
  return new ResproutError('WIRE_BAD_VALUE', `what was told of contexts cannot be read: ${why}`);
}
