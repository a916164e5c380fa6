// The token of a detached context: whoever has it has the context. It says where it waits and what a controller has to know of it.
import { ResproutError } from '../../base/errors/errors.ts';
import type { Random } from '../../base/seams/random.ts';
import { isSecret, type Secret } from '../../base/secret.ts';
import { isContextName } from '../connect/names.ts';

/** What is in a token. */
export interface DetachedPlace {
  readonly id: number;
  readonly name: string;
  /** The socket, on the machine of the far process. */
  readonly path: string;
  /** What lets in, said to that socket and to nobody else. */
  readonly secret: string;
  /** Letters and digits in the far paths. */
  readonly mark: string;
  readonly leaseMs: number;
  readonly generation: number;
  /** How many numbers its controllers have given out: the next one begins behind them, since late answers come to these. */
  readonly issued: number;
}

const PREFIX = 'rsd1.';
const MOST_CHARS = 2000;
const SECRET_BYTES = 32;
const MOST_NUMBER = 0xffff_ffff;

/** A secret that nobody guesses. */
export function newSecret(random: Random): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');
}

/** The token as a text. */
export function tokenOf(place: DetachedPlace): string {
  return PREFIX + Buffer.from(JSON.stringify(place)).toString('base64url');
}

function refuse(saw: string): never {
  throw new ResproutError('REMOTE_TARGET_INVALID', `the token is none that detach has given: ${saw}`, {
    tried: 'read the token of a detached context',
    saw,
    do: 'Give what detach() has returned',
  });
}

/** Reads a token. What is wrong is told without it. @throws ResproutError REMOTE_TARGET_INVALID */
export function parseToken(token: Secret | string): DetachedPlace {
  const given: unknown = isSecret(token) ? token.reveal() : token;
  if (typeof given !== 'string') refuse('it is not a text');
  const text = given.trim();
  if (!text.startsWith(PREFIX) || text.length > MOST_CHARS) refuse(`it does not begin with ${PREFIX}, or is too long`);
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(text.slice(PREFIX.length), 'base64url').toString());
  } catch {
    refuse('a part of it is missing');
  }
  return placeOf(typeof fields === 'object' && fields !== null ? { ...fields } : refuse('a part of it is missing'));
}

function placeOf(fields: Readonly<Record<string, unknown>>): DetachedPlace {
  const text = (name: string, isRight: (value: string) => boolean): string => {
    const value = fields[name];
    return typeof value === 'string' && isRight(value) ? value : refuse(`its "${name}" is not right`);
  };
  const count = (name: string): number => {
    const value = fields[name];
    return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MOST_NUMBER
      ? value
      : refuse(`its "${name}" is not right`);
  };
  return {
    id: count('id'),
    name: text('name', isContextName),
    path: text('path', (path) => path.startsWith('/') && !path.includes('\0') && path.length < 200),
    secret: text('secret', (secret) => /^[A-Za-z0-9_-]{43}$/.test(secret)),
    mark: text('mark', (mark) => /^rs[0-9a-f]{24}$/.test(mark)),
    leaseMs: count('leaseMs'),
    generation: count('generation'),
    issued: count('issued'),
  };
}
