import { nodeCrypto } from './engine/node-crypto.ts';

/** A hash that nobody can compute without the key: HMAC-SHA-256, the first 16 bytes in hexadecimal. */
export function keyedHash(key: Uint8Array, text: string): string {
  return nodeCrypto().createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}

/** SHA-256 of a text, the first `digits` hexadecimal digits. */
export function shortHash(text: string, digits: number): string {
  return nodeCrypto().hash('sha256', text, 'hex').slice(0, digits);
}
