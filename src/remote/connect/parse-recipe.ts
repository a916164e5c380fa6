import { LIMITS } from '../../wire/limits.ts';
import { type Fields, envOf, isPlainObject, nameOf, nodeOf, ownFields, pushNodeOf, refuseField, timeoutOf } from './fields.ts';
import type { ConnectionMethod } from './method.ts';
import { findMethod, METHODS } from './methods.ts';
import type { Recipe } from './recipe.ts';

const COMMON_KEYS = ['method', 'name', 'node', 'pushNode', 'env', 'connectTimeoutMs'];

/** What a context is called that nobody named. */
function defaultName(method: ConnectionMethod, own: Fields, above: string | undefined): string {
  const name = method.defaultName(own);
  return method.isWithin && above !== undefined && above.length + name.length < LIMITS.contextNameChars ? `${above}.${name}` : name;
}

/**
 * Checks options, a journal entry or anything else that should be a recipe. Keys that it does not know are refused.
 *
 * @param above the name of the context through which it is opened: it stands in the default name of what is part of the same machine
 * @throws ResproutError REMOTE_TARGET_INVALID naming the field, its value and what is allowed
 */
export function parseRecipe(value: unknown, above?: string): Recipe {
  if (!isPlainObject(value)) refuseField('recipe', value, 'an object with a method');
  const method = findMethod(value['method']);
  if (method === undefined) return refuseField('method', value['method'], `one of ${METHODS.map(({ name }) => name).join(', ')}`);
  const keys = [...COMMON_KEYS, ...Object.keys(method.fields)];
  for (const key of Object.keys(value)) if (!keys.includes(key)) refuseField(key, value[key], `one of ${keys.join(', ')}`);
  const name = nameOf(value);
  const pushNode = pushNodeOf(value);
  // It runs on the Node of the process that opens it, which is there.
  if (pushNode !== undefined && method.farStdio === 'duplex')
    refuseField('pushNode', value['pushNode'], 'nothing: it runs without a shell');
  const common = { node: nodeOf(value), pushNode, env: envOf(value), connectTimeoutMs: timeoutOf(value) };
  const own = ownFields(value, method.fields, method.required);
  const given = Object.entries({ ...common, ...own }).filter(([, member]) => member !== undefined);
  return { method: method.name, name: name ?? defaultName(method, own, above), ...Object.fromEntries(given) };
}
