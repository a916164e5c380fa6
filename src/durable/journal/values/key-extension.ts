// Keys and certificates: they come back as objects of Node's own classes. A key that the platform does not let the program export is written
// with its material too, or what it encrypted could not be read after a resume.
import { JOURNAL_TAG, type ValueExtension } from '../../../wire/index.ts';
import type { NodeKinds } from './node-kinds.ts';

/** KeyObject, CryptoKey and X509Certificate. */
export function keys(kinds: NodeKinds): ValueExtension {
  return {
    tag: JOURNAL_TAG.KEY,
    name: 'key',
    matches: (value) => typeof value === 'object' && value !== null && kinds.isKey(value),
    encode: (value) => (typeof value === 'object' && value !== null ? kinds.keyForm(value) : null),
    decode: (payload) => kinds.keyFrom(payload),
  };
}
