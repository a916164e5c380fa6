import { isError } from '../../base/errors/is-error.ts';
import type { KnownSecrets } from './known-secrets.ts';

/** Deeper than any value that is recorded. */
const MOST_LEVELS = 250;

/**
 * A value as it may be shown: texts, keys and bytes without what is known. Objects are changed in place: the caller's own copy, such as one that was
 * decoded to be shown. @returns the value, another one for a text, an address or bytes
 */
export function scrubValue(value: unknown, secrets: KnownSecrets): unknown {
  return secrets.isEmpty ? value : new Walk(secrets).of(value, 0);
}

class Walk {
  readonly #secrets: KnownSecrets;
  readonly #seen = new Set<object>();

  constructor(secrets: KnownSecrets) {
    this.#secrets = secrets;
  }

  of(value: unknown, level: number): unknown {
    if (typeof value === 'string') return this.#secrets.scrub(value);
    if (typeof value !== 'object' || value === null || level > MOST_LEVELS || this.#seen.has(value)) return value;
    if (value instanceof URL) return this.#ofText(value.href, value);
    if (ArrayBuffer.isView(value)) return this.#ofBytes(Buffer.from(value.buffer, value.byteOffset, value.byteLength), value);
    if (value instanceof ArrayBuffer) return this.#ofBytes(Buffer.from(value), value);
    this.#seen.add(value);
    this.#inside(value, level + 1);
    return value;
  }

  #ofText(text: string, value: object): unknown {
    const shown = this.#secrets.scrub(text);
    return shown === text ? value : shown;
  }

  #ofBytes(bytes: Buffer, value: object): unknown {
    const shown = this.#secrets.scrub(bytes.toString('latin1'));
    const isKnown = this.#secrets.foundInBytes(bytes.toString('latin1')).length > 0 || shown !== bytes.toString('latin1');
    return isKnown ? Buffer.from(this.#secrets.scrub(bytes.toString())) : value;
  }

  #inside(value: object, level: number): void {
    if (value instanceof Set) {
      const items = [...value].map((item) => this.of(item, level));
      value.clear();
      for (const item of items) value.add(item);
    } else if (value instanceof Map) {
      const entries = [...value].map(([key, item]) => [this.of(key, level), this.of(item, level)] as const);
      value.clear();
      for (const [key, item] of entries) value.set(key, item);
    }
    this.#fields(value, level);
    if (isError(value)) this.#stack(value);
  }

  #fields(value: object, level: number): void {
    for (const key of Object.getOwnPropertyNames(value)) {
      const field = Object.getOwnPropertyDescriptor(value, key);
      if (field === undefined || !('value' in field)) continue;
      const shown = this.of(field.value, level);
      const name = this.#secrets.scrub(key);
      if ((shown === field.value && name === key) || field.configurable !== true) continue;
      if (name !== key) Reflect.deleteProperty(value, key);
      Object.defineProperty(value, name, { ...field, value: shown });
    }
  }

  /** That of Node's own errors is an accessor. */
  #stack(error: Error): void {
    const { stack } = error;
    const shown = typeof stack === 'string' ? this.#secrets.scrub(stack) : stack;
    if (shown !== stack) Object.defineProperty(error, 'stack', { value: shown, configurable: true, writable: true });
  }
}
