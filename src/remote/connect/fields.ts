// What may stand in the fields of a recipe, by kind. Values come from options, target texts and journals.
import { ResproutError } from '../../base/errors/errors.ts';
import type { FieldTypes } from './method.ts';
import type { PushNode } from './recipe.ts';
import { ALLOWED, isContextName, isFingerprint, isHost, isInstance, isPort, isShellWord, isUser, isVariable } from './names.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Refuses a value of a recipe; the value is shown as JSON, cut at 80 characters. */
export function refuseField(field: string, value: unknown, allowed: string): never {
  const shown = (JSON.stringify(value) ?? typeof value).slice(0, 80);
  throw new ResproutError('REMOTE_TARGET_INVALID', `"${field}" of a target cannot be ${shown}`, {
    saw: `${field} = ${shown}`,
    do: `Give ${allowed}`,
  });
}

export function isPlainObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Kind {
  readonly is: (value: unknown) => boolean;
  readonly allowed: string;
}

const text = (isAllowed: (text: string) => boolean, allowed: string): Kind => ({
  is: (value) => typeof value === 'string' && isAllowed(value),
  allowed,
});

const isWord = (word: unknown): word is string => typeof word === 'string' && word !== '' && word.length <= 4096 && !word.includes('\0');

const KINDS: Readonly<Record<keyof FieldTypes, Kind>> = {
  host: text(isHost, ALLOWED.host),
  user: text(isUser, ALLOWED.user),
  port: { is: isPort, allowed: ALLOWED.port },
  hostKey: text((key) => key === 'accept-new' || isFingerprint(key), 'a fingerprint SHA256:… or accept-new'),
  path: text((path) => path.startsWith('/') && !path.includes('\0') && path.length <= 4096, 'an absolute path'),
  instance: text(isInstance, ALLOWED.instance),
  program: text((program) => isWord(program) && !program.startsWith('-'), 'a path or a name on PATH'),
  words: { is: (value) => Array.isArray(value) && value.length <= 64 && value.every(isWord), allowed: 'at most 64 words without NUL' },
  flag: { is: (value) => typeof value === 'boolean', allowed: 'true or false' },
};

/** Fields of a method, those that are absent left out. @throws ResproutError REMOTE_TARGET_INVALID */
export function ownFields(fields: Fields, kinds: Readonly<Record<string, keyof FieldTypes>>, required: readonly string[]): Fields {
  const own: Record<string, unknown> = {};
  for (const [field, kind] of Object.entries(kinds)) {
    const value = fields[field];
    if (value === undefined ? required.includes(field) : !KINDS[kind].is(value)) refuseField(field, value, KINDS[kind].allowed);
    if (value !== undefined) own[field] = value;
  }
  return own;
}

function pushNodeOfText(value: string): unknown {
  if (['', '1', 'true'].includes(value)) return true;
  if (value === 'false') return false;
  return value === 'memory' ? value : refuseField('pushNode', value, '1, true, false or memory');
}

/** A field that is written as text, in a target. @throws ResproutError REMOTE_TARGET_INVALID */
export function fieldOfText(field: string, kind: keyof FieldTypes | undefined, value: string): unknown {
  if (field === 'pushNode') return pushNodeOfText(value);
  if (kind === 'port') return /^\d{1,10}$/.test(value) ? Number(value) : refuseField(field, value, KINDS[kind].allowed);
  if (kind === 'flag')
    return value === '' || value === 'true' ? true : value === 'false' ? false : refuseField(field, value, KINDS.flag.allowed);
  return value;
}

/** The name that a recipe gives itself. */
export function nameOf({ name }: Fields): string | undefined {
  if (name === undefined) return undefined;
  return typeof name === 'string' && isContextName(name) ? name : refuseField('name', name, ALLOWED.name);
}

export function nodeOf({ node }: Fields): string | string[] | undefined {
  if (node === undefined) return undefined;
  const words: readonly unknown[] = Array.isArray(node) ? node : [node];
  const isWord = (word: unknown, index: number): word is string =>
    typeof word === 'string' && isShellWord(index === 0 ? word : word.replace(/^-+/, '_'));
  if (words.length === 0 || words.length > 16 || !words.every(isWord)) refuseField('node', node, ALLOWED.node);
  const checked = words.filter((word) => typeof word === 'string');
  return Array.isArray(node) ? checked : checked[0];
}

export function envOf({ env }: Fields): Record<string, string> | undefined {
  if (env === undefined) return undefined;
  if (!isPlainObject(env)) refuseField('env', typeof env, 'an object of texts');
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    // The value may be a secret: only the name is shown.
    if (!isVariable(name) || typeof value !== 'string' || value.includes('\0'))
      refuseField('env', name, 'names of letters, digits and _, with texts as values');
    checked[name] = value;
  }
  return checked;
}

/** @throws ResproutError REMOTE_TARGET_INVALID */
export function pushNodeOf({ pushNode }: Fields): PushNode | undefined {
  if (pushNode === undefined || pushNode === false) return undefined;
  if (pushNode === true) return {};
  if (pushNode === 'memory') return { inMemory: true };
  const allowed = "true, 'memory' or { inMemory, file }";
  if (!isPlainObject(pushNode)) return refuseField('pushNode', pushNode, allowed);
  const { inMemory, file, ...others } = pushNode;
  if (Object.keys(others).length > 0) refuseField('pushNode', pushNode, allowed);
  if (inMemory !== undefined && typeof inMemory !== 'boolean') refuseField('pushNode.inMemory', inMemory, 'true or false');
  if (file !== undefined && !KINDS.path.is(file)) refuseField('pushNode.file', file, KINDS.path.allowed);
  return { ...(inMemory === true ? { inMemory } : {}), ...(typeof file === 'string' ? { file } : {}) };
}

export function timeoutOf({ connectTimeoutMs }: Fields): number | undefined {
  if (connectTimeoutMs === undefined) return undefined;
  const isAllowed = typeof connectTimeoutMs === 'number' && connectTimeoutMs >= 1 && connectTimeoutMs <= 86_400_000;
  if (!isAllowed) refuseField('connectTimeoutMs', connectTimeoutMs, 'milliseconds from 1 to 86400000');
  return connectTimeoutMs;
}
