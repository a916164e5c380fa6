/** The seam for chance. Real: `platform/random.ts`. */
export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
  /** A random number from 0 (in) to 1 (out), for back-off and jitter only. */
  fraction(): number;
}
