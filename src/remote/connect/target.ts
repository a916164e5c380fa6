import { ResproutError } from '../../base/errors/errors.ts';
import { fieldOfText } from './fields.ts';
import type { ConnectionMethod } from './method.ts';
import { findMethod, METHODS } from './methods.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { Recipe } from './recipe.ts';

/** How targets are written, for messages and help. */
export const TARGET_FORMS: readonly string[] = METHODS.map(({ target }) => target.help);

/** How the target of each method begins. */
export const TARGET_STARTS: readonly string[] = METHODS.map(({ name, target }) => `${name}:${target.slashes === 'always' ? '//' : ''}`);

function refuse(text: string, why: string, cure = `Write one of ${TARGET_FORMS.join(', ')}, several joined by +`): never {
  const shown = JSON.stringify(text.slice(0, 120));
  throw new ResproutError('REMOTE_TARGET_INVALID', `${shown} is not a target: ${why}`, {
    tried: `read the target ${shown}`,
    saw: why,
    do: cure,
  });
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The part after `?`: each option once, values percent-encoded. */
function optionsOf(query: string, known: readonly string[], text: string): Record<string, string> {
  const options: Record<string, string> = {};
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    if (!known.includes(name)) refuse(text, `it has no option "${name.slice(0, 40)}"`, `Use ${known.join(' or ')}`);
    if (Object.hasOwn(options, name)) refuse(text, `the option "${name}" stands there twice`);
    try {
      options[name] = decodeURIComponent(rest.join('='));
    } catch {
      refuse(text, `the value of "${name}" is not percent-encoded text`);
    }
  }
  return options;
}

/** A path may hold what would end it here: it is percent-encoded. */
function decoded(place: string, kind: string | undefined, text: string): string {
  if (kind !== 'path') return place;
  try {
    return decodeURIComponent(place);
  } catch {
    return refuse(text, 'the path is not percent-encoded text');
  }
}

/** The fields of `USER@HOST:PORT`, as far as the form has them. */
function placeOf(place: string, { fields: kinds, target }: ConnectionMethod, text: string): Record<string, unknown> {
  const at = target.user === undefined ? -1 : place.lastIndexOf('@');
  const user = at < 0 ? undefined : place.slice(0, at);
  if (user?.includes(':') === true) refuse(text, 'a password has no place in a target', 'Leave it out: it is asked for');
  const rest = decoded(place.slice(at + 1), target.place === 'name' ? undefined : kinds[target.place], text);
  const fields: Record<string, unknown> = target.user === undefined || user === undefined ? {} : { [target.user]: user };
  if (target.port === undefined) return rest === '' ? fields : { ...fields, [target.place]: rest };
  const parts = /^(?:\[([^\]]*)\]|([^:/]*))(?::(\d{1,5}))?\/?$/.exec(rest);
  if (parts === null) refuse(text, 'the part after the user is not HOST, HOST:PORT or [ADDRESS]:PORT');
  const [, address, host, port] = parts;
  return { ...fields, [target.place]: address ?? host, ...(port === undefined ? {} : { [target.port]: Number(port) }) };
}

/** What may follow `?`. */
export function optionsOfTarget({ farStdio, target }: ConnectionMethod): readonly string[] {
  return farStdio === 'duplex' ? target.options : [...target.options, 'pushNode'];
}

function parsePart(part: string, text: string, above: string | undefined): Recipe {
  const [name, rest] = splitOnce(part, ':');
  if (rest === undefined) refuse(text, `"${part.slice(0, 40)}" has no method`);
  const method = findMethod(name) ?? refuse(text, `there is no method "${name.slice(0, 40)}"`);
  const { slashes } = method.target;
  const options = optionsOfTarget(method);
  if (slashes === 'always' && !rest.startsWith('//')) refuse(text, `${name}: is not followed by //`);
  const [whole, query = ''] = splitOnce(rest, '?');
  const hasSlashes = slashes !== 'never' && whole.startsWith('//');
  const place = hasSlashes ? whole.slice(2) : whole;
  if (slashes === 'user' && hasSlashes !== place.includes('@'))
    refuse(text, `// and a user stand together or not at all`, `Write ${method.target.help}`);
  const given = Object.entries(optionsOf(query, options, text)).map(([field, value]) => [
    field,
    fieldOfText(field, method.fields[field], value),
  ]);
  return parseRecipe({ method: method.name, ...placeOf(place, method, text), ...Object.fromEntries(given) }, above);
}

/**
 * Reads a target: `local:NAME`, `ssh://USER@HOST:PORT?node=PATH&name=NAME`, `docker:web`, `sudo:`, or a chain of them joined by `+`, each opened from
 * the one before. Nothing is looked up and nothing is run.
 *
 * @param above the name of the context from which the first one is opened
 * @throws ResproutError REMOTE_TARGET_INVALID saying what is allowed
 */
export function parseTarget(text: string, above?: string): Recipe[] {
  if (text.length > 4096) refuse(text, 'it is longer than 4096 characters');
  // A plus may stand in a user name or path: only one that a method follows joins.
  return text
    .split(/\+(?=[a-z][a-z0-9-]*:)/)
    .reduce<Recipe[]>((recipes, part) => [...recipes, parsePart(part, text, recipes.at(-1)?.name ?? above)], []);
}
