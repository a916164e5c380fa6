// node:crypto and Web Crypto. Plain functions and objects (Hash, Hmac, Cipheriv, Verify) run again; chance of the program's own is in
// globals/chance.ts; here is what OpenSSL does on other threads, and what it draws.
import type { Patcher } from '../../globals/patch.ts';
import { patchAsyncForms } from './async-forms.ts';
import { patchDrawn } from './drawn.ts';
import { patchKeyHolders } from './key-holders.ts';
import { patchSubtle } from './subtle.ts';

/** Cryptography in a session. */
export function patchCrypto(patcher: Patcher): void {
  patchAsyncForms(patcher);
  patchDrawn(patcher);
  patchKeyHolders(patcher);
  patchSubtle(patcher);
}
