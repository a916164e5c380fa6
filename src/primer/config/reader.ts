// Reads fields of one JSON text; every complaint names file and line.
import path from 'node:path';
import { PrimeError, toError } from '../problem.ts';
import { lineOfKey, lineOfSyntaxError } from './json-place.ts';

/** Reads fields of one JSON text. */
export class Reader {
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /** The whole value. @throws PrimeError PRIME_CONFIG_INVALID */
  parse(): unknown {
    try {
      return JSON.parse(this.#text);
    } catch (error) {
      const { message } = toError(error);
      throw new PrimeError('PRIME_CONFIG_INVALID', `is not JSON: ${message}`, {
        at: `${this.#file}:${lineOfSyntaxError(this.#text, message)}`,
        do: 'Correct that line',
      });
    }
  }

  /** Where the value of some keys stands, as FILE:LINE. */
  placeOf(keys: readonly string[]): string {
    return `${this.#file}:${lineOfKey(this.#text, keys)}`;
  }

  fail(keys: readonly string[], message: string, cure: string): never {
    throw new PrimeError('PRIME_CONFIG_INVALID', `${keys.length === 0 ? '' : `${keys.join('.')} `}${message}`, {
      at: this.placeOf(keys),
      do: cure,
    });
  }

  /** An object with exactly the wanted keys; `optional` ones may be missing. */
  object(value: unknown, keys: readonly string[], wanted: readonly string[], optional: readonly string[] = []): Record<string, unknown> {
    const record = this.record(value, keys);
    for (const key of Object.keys(record))
      if (!wanted.includes(key) && !optional.includes(key))
        this.fail([...keys, key], 'is not a known key', `Remove it; known here: ${[...wanted, ...optional].join(', ')}`);
    for (const key of wanted) if (record[key] === undefined) this.fail(keys, `lacks the key ${key}`, `Add ${key}`);
    return record;
  }

  record(value: unknown, keys: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail(keys, 'is not an object', 'Write { … }');
    return Object.fromEntries(Object.entries(value));
  }

  text(value: unknown, keys: readonly string[], pattern?: RegExp): string {
    if (typeof value !== 'string' || value === '') return this.fail(keys, 'is not a text', 'Write a text in quotes');
    if (pattern !== undefined && !pattern.test(value)) return this.fail(keys, `is «${value}»`, `Write a value that fits ${pattern.source}`);
    return value;
  }

  list<T>(value: unknown, keys: readonly string[], item: (value: unknown) => T): T[] {
    if (!Array.isArray(value)) return this.fail(keys, 'is not a list', 'Write [ … ]');
    return value.map((one) => item(one));
  }

  /** A path inside the root, with forward slashes. */
  inside(value: unknown, keys: readonly string[]): string {
    const text = this.text(value, keys);
    if (path.posix.isAbsolute(text) || text.split('/').includes('..') || text.includes('\\'))
      return this.fail(keys, `leads out of the folder: ${text}`, 'Write a path relative to this file, without ..');
    return text;
  }
}
