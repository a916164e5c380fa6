// xoshiro128** for Math.random: fast, and not for secrets. 53 bits come from two draws.

/** A generator of fractions. @param seed 16 bytes, not all zero */
export class Xoshiro {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: Uint8Array) {
    const words = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
    this.#a = words.getUint32(0, true);
    this.#b = words.getUint32(4, true);
    this.#c = words.getUint32(8, true);
    this.#d = words.getUint32(12, true) | 1;
  }

  #next(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** From 0 (in) to 1 (out). */
  fraction(): number {
    return ((this.#next() >>> 5) * 67_108_864 + (this.#next() >>> 6)) / 9_007_199_254_740_992;
  }
}
