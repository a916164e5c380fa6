// Reads payloads that come from below: everything there is hostile until it has passed one of these.
import { ResproutError } from '../../../../base/errors/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../../../../base/seams/log.ts';
import { LIMITS } from '../../../../wire/limits.ts';
import { decodeValue } from '../../../../wire/values/value-decode.ts';
import type { ChannelPull, ChannelStep, ExitingMessage, HelloMessage, LogMessage, NeedMessage, ResultMessage } from './messages.ts';

type Fields = Readonly<Record<string, unknown>>;

function refuse(what: string): never {
  throw new ResproutError('REMOTE_PROTOCOL', `a message of the far side is refused: ${what}`, { saw: what });
}

/** The members of a decoded message. */
export function fieldsOf(payload: Uint8Array): Fields {
  const value = decodeValue(payload, { limits: { nodes: 100_000, depth: 16 } });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse('it is not an object');
  return value as Fields;
}

export function textOf(fields: Fields, name: string, mostChars = 4096): string {
  const value = fields[name];
  return typeof value === 'string' && value.length <= mostChars
    ? value
    : refuse(`"${name}" is not a text of at most ${mostChars} characters`);
}

export function countOf(fields: Fields, name: string, most = 0xffff_ffff): number {
  const value = fields[name];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : refuse(`"${name}" is not a count`);
}

export function bytesOf(fields: Fields, name: string): Uint8Array {
  const value = fields[name];
  return value instanceof Uint8Array ? value : refuse(`"${name}" is not bytes`);
}

function oneOf<const T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const value = fields[name];
  return allowed.find((text) => text === value) ?? refuse(`"${name}" is none of ${allowed.join(', ')}`);
}

export function parseHello(payload: Uint8Array): HelloMessage {
  const fields = fieldsOf(payload);
  return {
    protocol: countOf(fields, 'protocol'),
    pid: countOf(fields, 'pid'),
    uid: countOf(fields, 'uid'),
    node: textOf(fields, 'node', 64),
    execPath: textOf(fields, 'execPath'),
    platform: textOf(fields, 'platform', 64),
    arch: textOf(fields, 'arch', 64),
    cwd: textOf(fields, 'cwd'),
    hostname: textOf(fields, 'hostname', 256),
  };
}

export function parseResult(payload: Uint8Array): ResultMessage {
  const fields = fieldsOf(payload);
  return { ok: fields['ok'] === true, bytes: bytesOf(fields, 'bytes') };
}

export function parsePull(payload: Uint8Array): ChannelPull {
  const fields = fieldsOf(payload);
  return { channel: countOf(fields, 'channel'), credit: countOf(fields, 'credit'), stop: fields['stop'] === true };
}

export function parseStep(payload: Uint8Array): ChannelStep {
  const fields = fieldsOf(payload);
  return { channel: countOf(fields, 'channel'), kind: oneOf(fields, 'kind', ['next', 'done', 'error']), bytes: bytesOf(fields, 'bytes') };
}

export function parseNeed(payload: Uint8Array): NeedMessage {
  const fields = fieldsOf(payload);
  const kind = oneOf(fields, 'kind', ['late', 'data']);
  const asked = { build: textOf(fields, 'build', 64), from: textOf(fields, 'from'), specifier: textOf(fields, 'specifier') };
  return kind === 'data' ? { kind, ...asked } : { kind, ...asked, importKind: oneOf(fields, 'importKind', ['i', 'r']) };
}

export function parseExiting(payload: Uint8Array): ExitingMessage {
  const fields = fieldsOf(payload);
  const error = fields['error'] === undefined ? undefined : bytesOf(fields, 'error');
  return { why: oneOf(fields, 'why', ['exit', 'error', 'rejection']), code: countOf(fields, 'code'), error };
}

export function parseLog(payload: Uint8Array): LogMessage {
  const fields = fieldsOf(payload);
  const lines = fields['lines'];
  if (!Array.isArray(lines)) refuse('"lines" is not a list');
  const about = fields['about'] === undefined ? undefined : countOf(fields, 'about');
  return { about, dropped: countOf(fields, 'dropped'), lines: lines.map(parseLine) };
}

function parseLine(line: unknown): LogMessage['lines'][number] {
  if (!Array.isArray(line)) refuse('a line is not a list');
  const fields = { stream: line[0] as unknown, level: line[1] as unknown, text: line[2] as unknown };
  const level: LogLevel = oneOf(fields, 'level', LOG_LEVELS);
  return [oneOf(fields, 'stream', ['console', 'stdout', 'stderr']), level, textOf(fields, 'text', LIMITS.logLineBytes)];
}

/** The text of a negative answer; empty when there is none that can be read. */
export function deadText(payload: Uint8Array): string {
  try {
    const value = payload.length === 0 ? '' : decodeValue(payload);
    return typeof value === 'string' ? value.slice(0, 1000) : '';
  } catch {
    return '';
  }
}
