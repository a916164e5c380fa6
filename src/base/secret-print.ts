/** The print of one form of a secret: enough to find it in a text with the key of the store, and no text (platform/secrets/secret-prints.ts). */
export interface SecretPrint {
  /** What is shown in its place. */
  readonly name?: string | undefined;
  /** UTF-16 units. */
  readonly length: number;
  readonly sum: number;
  /** Hexadecimal. */
  readonly hash: string;
}

/** The print that a value is; undefined when it is none. */
export function readPrint(value: unknown): SecretPrint | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, length, sum, hash } = value as Readonly<Record<string, unknown>>;
  const isPrint = Number.isSafeInteger(length) && Number(length) > 0 && Number.isSafeInteger(sum) && typeof hash === 'string';
  if (!isPrint || (name !== undefined && typeof name !== 'string')) return undefined;
  return { name, length: Number(length), sum: Number(sum), hash };
}
