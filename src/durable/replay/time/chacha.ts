// ChaCha20 (RFC 8439) as a generator of bytes: what a session draws depends on its seed alone, on every machine and Node version.
// Recorded journals pin these bytes; a change needs a numbered behaviour.

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function quarter(s: Uint32Array, a: number, b: number, c: number, d: number): void {
  const at = (i: number): number => s[i] ?? 0;
  s[a] = at(a) + at(b);
  s[d] = rotate(at(d) ^ at(a), 16);
  s[c] = at(c) + at(d);
  s[b] = rotate(at(b) ^ at(c), 12);
  s[a] = at(a) + at(b);
  s[d] = rotate(at(d) ^ at(a), 8);
  s[c] = at(c) + at(d);
  s[b] = rotate(at(b) ^ at(c), 7);
}

/** The key stream of one key and stream number, from its beginning. */
export class KeyStream {
  readonly #input = new Uint32Array(16);
  readonly #block = new DataView(new ArrayBuffer(64));
  #used = 64;

  /** @param key 32 bytes @param stream number of the stream: streams of one key have nothing in common @param counter first block */
  constructor(key: Uint8Array, stream: number, counter = 0) {
    if (key.length !== 32) throw new RangeError(`a key of 32 bytes is needed, and this one has ${String(key.length)}`);
    const words = new DataView(key.buffer, key.byteOffset, key.byteLength);
    this.#input.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
    for (let i = 0; i < 8; i++) this.#input[4 + i] = words.getUint32(i * 4, true);
    this.#input[12] = counter;
    this.#input[15] = stream;
  }

  #refill(): void {
    const state = this.#input.slice();
    for (let round = 0; round < 10; round++) {
      quarter(state, 0, 4, 8, 12);
      quarter(state, 1, 5, 9, 13);
      quarter(state, 2, 6, 10, 14);
      quarter(state, 3, 7, 11, 15);
      quarter(state, 0, 5, 10, 15);
      quarter(state, 1, 6, 11, 12);
      quarter(state, 2, 7, 8, 13);
      quarter(state, 3, 4, 9, 14);
    }
    for (let i = 0; i < 16; i++) this.#block.setUint32(i * 4, (state[i] ?? 0) + (this.#input[i] ?? 0), true);
    // The counter has 64 bits here: 13 is its upper half.
    this.#input[12] = (this.#input[12] ?? 0) + 1;
    if (this.#input[12] === 0) this.#input[13] = (this.#input[13] ?? 0) + 1;
    this.#used = 0;
  }

  /** Fills `into` with the next bytes of the stream. */
  fill(into: Uint8Array): void {
    for (let i = 0; i < into.length; i++) {
      if (this.#used === 64) this.#refill();
      into[i] = this.#block.getUint8(this.#used++);
    }
  }
}
