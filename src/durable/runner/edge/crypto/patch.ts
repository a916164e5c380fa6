// node:crypto and Web Crypto. Plain functions and objects (Hash, Hmac, Cipheriv, Verify) run again; what is drawn for the program itself comes from
// the session; what OpenSSL does on other threads, and what it draws, is recorded.
import type { Patcher } from '../../globals/patch.ts';
import { patchAsyncForms } from './async-forms.ts';
import { patchCryptoChance } from './chance.ts';
import { patchDrawn } from './drawn.ts';
import { patchKeyHolders } from './key-holders.ts';
import { patchSubtle } from './subtle.ts';

/** Cryptography in a session. */
export function patchCrypto(patcher: Patcher): void {
  patchCryptoChance(patcher);
  patchAsyncForms(patcher);
  patchDrawn(patcher);
  patchKeyHolders(patcher);
  patchSubtle(patcher);
}
