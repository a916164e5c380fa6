import { randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const FORM = /^resprout-seal-1 ([\w-]{43})\r?\n?$/;

/** A new key as a key file holds it. */
export function newKeyText(): string {
  return `resprout-seal-1 ${randomBytes(KEY_BYTES).toString('base64url')}\n`;
}

/** The key in a text; undefined when it holds none. */
export function keyIn(text: string): Uint8Array | undefined {
  const [, digits] = FORM.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const key = Buffer.from(digits, 'base64url');
  return key.length === KEY_BYTES && key.toString('base64url') === digits ? new Uint8Array(key) : undefined;
}
