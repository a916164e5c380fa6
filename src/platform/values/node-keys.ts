// Keys and certificates of node:crypto and of Web Crypto as data, and back.
import type { KeyObject, X509Certificate } from 'node:crypto';
import { types } from 'node:util';
import { isCryptoLoaded, nodeCrypto } from '../engine/node-crypto.ts';

/** What a key is made of again. */
type KeyForm =
  | readonly ['secret' | 'private' | 'public' | 'certificate', Uint8Array]
  | readonly ['web', KeyForm, algorithm: object, isExtractable: boolean, usages: readonly string[]];

const isCertificate = (value: object): value is X509Certificate => value instanceof nodeCrypto().X509Certificate;

/** Whether a value is a KeyObject, a CryptoKey or a certificate. Loads nothing where there can be none. */
export const isKey = (value: object): boolean =>
  isCryptoLoaded() && (types.isKeyObject(value) || types.isCryptoKey(value) || isCertificate(value));

/** The key behind one of Web Crypto, one that the program may not export too. Node warns of that; here nothing leaves the session. */
function objectOf(key: Parameters<typeof KeyObject.from>[0]): KeyObject {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return nodeCrypto().KeyObject.from(key);
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

/** @throws TypeError for what is none */
export function keyForm(value: object): KeyForm {
  if (isCertificate(value)) return ['certificate', new Uint8Array(value.raw)];
  if (types.isCryptoKey(value)) return ['web', keyForm(objectOf(value)), { ...value.algorithm }, value.extractable, [...value.usages]];
  if (!types.isKeyObject(value)) throw new TypeError('not a key');
  switch (value.type) {
    case 'secret':
      return ['secret', new Uint8Array(value.export())];
    case 'private':
      return ['private', new Uint8Array(value.export({ type: 'pkcs8', format: 'der' }))];
    case 'public':
      return ['public', new Uint8Array(value.export({ type: 'spki', format: 'der' }))];
  }
}

type WebKeyArguments = Parameters<KeyObject['toCryptoKey']>;

/** @param form hostile @throws TypeError, and what node:crypto says of bytes that are no key */
export function keyFrom(form: unknown): object {
  if (!Array.isArray(form)) throw new TypeError('payload is not the form of a key');
  const [kind, content, algorithm, isExtractable, usages] = form as readonly unknown[];
  if (kind === 'web') {
    const key = keyFrom(content);
    if (!types.isKeyObject(key) || !Array.isArray(usages)) throw new TypeError('payload is not the form of a key');
    return key.toCryptoKey(algorithm as WebKeyArguments[0], isExtractable === true, usages as WebKeyArguments[2]);
  }
  if (!(content instanceof Uint8Array)) throw new TypeError('payload is not the form of a key');
  const bytes = Buffer.from(content);
  switch (kind) {
    case 'certificate':
      return new (nodeCrypto().X509Certificate)(bytes);
    case 'secret':
      return nodeCrypto().createSecretKey(bytes);
    case 'private':
      return nodeCrypto().createPrivateKey({ key: bytes, type: 'pkcs8', format: 'der' });
    case 'public':
      return nodeCrypto().createPublicKey({ key: bytes, type: 'spki', format: 'der' });
    default:
      throw new TypeError('payload is not the form of a key');
  }
}
