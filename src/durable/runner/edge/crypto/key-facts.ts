// What is known of a key that a function of node:crypto is given, in any of its forms.
import { KeyObject, constants, createPrivateKey, createPublicKey } from 'node:crypto';

/** Signatures with these keys are a function of the data. */
const FIXED: ReadonlySet<string | undefined> = new Set(['rsa', 'ed25519', 'ed448']);

const field = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined);

/** The key object of what was given; undefined when it is none: the original says what is wrong with it. */
function privateKeyOf(given: unknown): { readonly asymmetricKeyType?: string | undefined } | undefined {
  const inner = field(given, 'key') ?? given;
  if (inner instanceof KeyObject) return inner;
  const name: unknown = field(field(inner, 'algorithm'), 'name');
  if (typeof name === 'string') return { asymmetricKeyType: name === 'RSASSA-PKCS1-v1_5' ? 'rsa' : name.toLowerCase() };
  try {
    return createPrivateKey(given as Parameters<typeof createPrivateKey>[0]);
  } catch {
    return undefined;
  }
}

/** Whether a signature with this key differs each time. */
export function isDrawnSignature(given: unknown): boolean {
  const key = privateKeyOf(given);
  if (key === undefined) return false;
  return !FIXED.has(key.asymmetricKeyType) || field(given, 'padding') === constants.RSA_PKCS1_PSS_PADDING;
}

/** What of a key is compared on replay: its kind. */
export function shownKey(given: unknown): string {
  const inner = field(given, 'key') ?? given;
  if (inner instanceof KeyObject) return inner.asymmetricKeyType ?? inner.type;
  try {
    return createPublicKey(given as Parameters<typeof createPublicKey>[0]).asymmetricKeyType ?? '';
  } catch {
    return '';
  }
}
