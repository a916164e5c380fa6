import { keyedHash } from '../../platform/keyed-hash.ts';

/** What has the key of a store. */
interface Keyed {
  readonly key: Uint8Array;
}

/** The key by which a runner hashes Secrets: of the store, and nothing from which the store's own key could be had. */
export function secretKey(store: Keyed): Uint8Array {
  return new TextEncoder().encode(keyedHash(store.key, 'secrets among the arguments of calls'));
}

/** The key of prints of secrets that are kept with sessions. */
export function printKey(store: Keyed): Uint8Array {
  return new TextEncoder().encode(keyedHash(store.key, 'prints of secrets'));
}
