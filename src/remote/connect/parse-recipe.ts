import { ResproutError } from '../../base/errors/errors.ts';
import { ALLOWED, isContextName, isFingerprint, isHost, isPort, isShellWord, isUser, isVariable } from './names.ts';
import type { LocalRecipe, Recipe, SshRecipe } from './recipe.ts';

const COMMON_KEYS = ['method', 'name', 'node', 'env', 'connectTimeoutMs'];
const KEYS: Readonly<Record<Recipe['method'], readonly string[]>> = {
  local: [...COMMON_KEYS, 'cwd'],
  ssh: [...COMMON_KEYS, 'host', 'user', 'port', 'hostKey', 'configFile'],
};

type Fields = Readonly<Record<string, unknown>>;

/** Refuses a value of a recipe; the value is shown as JSON, cut at 80 characters. */
function refuse(field: string, value: unknown, allowed: string): never {
  const shown = (JSON.stringify(value) ?? typeof value).slice(0, 80);
  throw new ResproutError('REMOTE_TARGET_INVALID', `"${field}" of a target cannot be ${shown}`, {
    saw: `${field} = ${shown}`,
    do: `Give ${allowed}`,
  });
}

function isPlainObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text of the recipe that passes `isAllowed`; undefined when absent. */
function text(fields: Fields, field: string, isAllowed: (text: string) => boolean, allowed: string): string | undefined {
  const value = fields[field];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !isAllowed(value)) refuse(field, value, allowed);
  return value;
}

function nodeOf(fields: Fields): string | string[] | undefined {
  const { node } = fields;
  if (node === undefined) return undefined;
  const words: readonly unknown[] = Array.isArray(node) ? node : [node];
  const isWord = (word: unknown, index: number): word is string =>
    typeof word === 'string' && isShellWord(index === 0 ? word : word.replace(/^-+/, '_'));
  if (words.length === 0 || words.length > 16 || !words.every(isWord)) refuse('node', node, ALLOWED.node);
  const checked = words.filter((word) => typeof word === 'string');
  return Array.isArray(node) ? checked : checked[0];
}

function envOf(fields: Fields): Record<string, string> | undefined {
  const { env } = fields;
  if (env === undefined) return undefined;
  if (!isPlainObject(env)) refuse('env', typeof env, 'an object of texts');
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    // The value may be a secret: only the name is shown.
    if (!isVariable(name) || typeof value !== 'string' || value.includes('\0'))
      refuse('env', name, 'names of letters, digits and _, with texts as values');
    checked[name] = value;
  }
  return checked;
}

function timeoutOf(fields: Fields): number | undefined {
  const { connectTimeoutMs } = fields;
  if (connectTimeoutMs === undefined) return undefined;
  const isAllowed = typeof connectTimeoutMs === 'number' && connectTimeoutMs >= 1 && connectTimeoutMs <= 86_400_000;
  if (!isAllowed) refuse('connectTimeoutMs', connectTimeoutMs, 'milliseconds from 1 to 86400000');
  return connectTimeoutMs;
}

/** The object without its undefined members, which `exactOptionalPropertyTypes` does not let pass. */
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function commonOf(fields: Fields, defaultName: string) {
  return {
    name: text(fields, 'name', isContextName, ALLOWED.name) ?? defaultName,
    node: nodeOf(fields),
    env: envOf(fields),
    connectTimeoutMs: timeoutOf(fields),
  };
}

const isAbsolutePath = (path: string): boolean => path.startsWith('/') && !path.includes('\0') && path.length <= 4096;

function sshOf(fields: Fields): SshRecipe {
  const host = text(fields, 'host', isHost, ALLOWED.host) ?? refuse('host', undefined, ALLOWED.host);
  const { port } = fields;
  if (port !== undefined && !isPort(port)) refuse('port', port, ALLOWED.port);
  const isHostKey = (key: string): boolean => key === 'accept-new' || isFingerprint(key);
  return defined({
    method: 'ssh' as const,
    ...commonOf(fields, host),
    host,
    user: text(fields, 'user', isUser, ALLOWED.user),
    port,
    hostKey: text(fields, 'hostKey', isHostKey, 'a fingerprint SHA256:… or accept-new'),
    configFile: text(fields, 'configFile', isAbsolutePath, 'an absolute path'),
  });
}

function localOf(fields: Fields): LocalRecipe {
  const cwd = text(fields, 'cwd', isAbsolutePath, 'an absolute path');
  return defined({ method: 'local' as const, ...commonOf(fields, 'local'), cwd });
}

/**
 * Checks options, a journal entry or anything else that should be a recipe. Keys that it does not know are refused.
 *
 * @throws ResproutError REMOTE_TARGET_INVALID naming the field, its value and what is allowed
 */
export function parseRecipe(value: unknown): Recipe {
  if (!isPlainObject(value)) refuse('recipe', value, 'an object with a method');
  const { method } = value;
  if (method !== 'local' && method !== 'ssh') refuse('method', method, 'local or ssh');
  for (const key of Object.keys(value)) if (!KEYS[method].includes(key)) refuse(key, value[key], `one of ${KEYS[method].join(', ')}`);
  return method === 'local' ? localOf(value) : sshOf(value);
}
