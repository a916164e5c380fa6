// Two 32-bit lanes of multiply and xor over the bytes (MurmurHash3's constants and finish). Not for attackers.

/** A 64-bit hash of bytes. */
export class Hash64 {
  #first = 0x9747b28c;
  #second = 0x3c6ef372;
  #bytes = 0;

  update(bytes: Uint8Array): void {
    let first = this.#first;
    let second = this.#second;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      first = Math.imul(first ^ byte, 0x85ebca6b);
      first ^= first >>> 15;
      second = Math.imul(second ^ byte, 0xc2b2ae35);
      second ^= second >>> 13;
    }
    this.#first = first;
    this.#second = second;
    this.#bytes += bytes.length;
  }

  /** 13 characters of base 36, lower case. */
  text(): string {
    const high = finish(this.#first ^ this.#bytes);
    const low = finish(this.#second ^ Math.imul(high, 0x27d4eb2f));
    return ((BigInt(high) << 32n) | BigInt(low)).toString(36).padStart(13, '0');
  }
}

function finish(lane: number): number {
  let value = lane;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
