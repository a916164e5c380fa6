import { createHash } from 'node:crypto';

/** SHA-256 of bytes that come piece by piece. */
export class RunningHash {
  readonly #hash = createHash('sha256');

  take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** In hexadecimal. Ends it. */
  hex(): string {
    return this.#hash.digest('hex');
  }
}
