import { ResproutError } from '../../base/errors/errors.ts';
import { parseRecipe } from './parse-recipe.ts';
import type { Recipe } from './recipe.ts';

const FORMS = 'local:, local:NAME or ssh://USER@HOST:PORT?node=PATH&name=NAME, several joined by +';

function refuse(text: string, why: string, cure = `Write ${FORMS}`): never {
  const shown = JSON.stringify(text.slice(0, 120));
  throw new ResproutError('REMOTE_TARGET_INVALID', `${shown} is not a target: ${why}`, {
    tried: `read the target ${shown}`,
    saw: why,
    do: cure,
  });
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

function localTarget(rest: string, text: string): Recipe {
  const [name, query = ''] = splitOnce(rest, '?');
  return parseRecipe({ method: 'local', ...(name === '' ? {} : { name }), ...optionsOf(query, ['node'], text) });
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function sshTarget(rest: string, text: string): Recipe {
  if (!rest.startsWith('//')) refuse(text, 'ssh: is not followed by //');
  const [place, query = ''] = splitOnce(rest.slice(2), '?');
  const at = place.lastIndexOf('@');
  const user = at < 0 ? undefined : place.slice(0, at);
  if (user?.includes(':') === true) refuse(text, 'a password has no place in a target', 'Leave it out: ssh asks for it');
  const parts = /^(?:\[([^\]]*)\]|([^:/]*))(?::(\d{1,5}))?\/?$/.exec(place.slice(at + 1));
  if (parts === null) refuse(text, 'the part after the user is not HOST, HOST:PORT or [ADDRESS]:PORT');
  const [, address, host, port] = parts;
  return parseRecipe({
    method: 'ssh',
    host: address ?? host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...optionsOf(query, ['node', 'name'], text),
  });
}

/**
 * Reads a target: `local:`, `local:NAME`, `ssh://USER@HOST:PORT?node=PATH&name=NAME`, or a chain of them joined by `+`, each opened from
 * the one before. Nothing is looked up and nothing is run.
 *
 * @throws ResproutError REMOTE_TARGET_INVALID saying what is allowed
 */
export function parseTarget(text: string): Recipe[] {
  if (text.length > 4096) refuse(text, 'it is longer than 4096 characters');
  // A plus may stand in a user name or path: only one that a method follows joins.
  return text.split(/\+(?=[a-z][a-z0-9-]*:)/).map((part) => {
    const [method, rest] = splitOnce(part, ':');
    if (rest === undefined) refuse(text, `"${part.slice(0, 40)}" has no method`);
    if (method === 'local') return localTarget(rest, text);
    if (method === 'ssh') return sshTarget(rest, text);
    return refuse(text, `there is no method "${method.slice(0, 40)}"`);
  });
}
