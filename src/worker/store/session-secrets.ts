import type { Finder } from '../../platform/secrets/known-secrets.ts';
import { finderOf } from '../../platform/secrets/secret-prints.ts';
import { printKey } from '../program/secret-key.ts';
import type { Store } from './store.ts';

/** Finds in a text what was known as secret when a session ran; undefined when there was nothing. */
export async function sessionSecrets(store: Store, sessionId: string): Promise<Finder | undefined> {
  const prints = await store.sessions.secretPrints(sessionId);
  return prints.length === 0 ? undefined : finderOf(printKey(store), prints);
}
