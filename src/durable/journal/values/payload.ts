// Checks of extension payloads, which come from a journal and are hostile. Whatever they throw becomes JOURNAL_CORRUPT.

/** A payload of exactly these parts. */
export function parts(payload: unknown, count: number): readonly unknown[] {
  if (!Array.isArray(payload) || payload.length !== count) throw new TypeError(`payload is not a list of ${count}`);
  return payload;
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('payload is not a text');
  return value;
}

export function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('payload is not bytes');
  return value;
}

export function bytesOrNull(value: unknown): Uint8Array | null {
  return value === null ? null : bytes(value);
}

export function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError('payload is not true or false');
  return value;
}

export function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('payload is not a number');
  return value;
}

/** Pairs of texts, such as headers. */
export function pairs(value: unknown): (readonly [string, string])[] {
  if (!Array.isArray(value)) throw new TypeError('payload is not a list of pairs');
  return value.map((pair) => {
    const [name, content] = parts(pair, 2);
    return [text(name), text(content)] as const;
  });
}

/** Own properties that a constructor does not take, as a copy shows them. */
export function define(target: object, fields: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(fields)) Object.defineProperty(target, key, { value, configurable: true });
}
