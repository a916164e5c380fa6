/** A running hash of what the program prints, asked for and begun anew at each of its issues: so a replay notices other text, and where. */
export class Printed {
  #hash = 0;
  #isEmpty = true;

  /** The program prints. */
  add(chunk: Uint8Array | string): void {
    if (chunk.length === 0) return;
    this.#isEmpty = false;
    let hash = this.#hash;
    // Texts by their UTF-16 units: cheaper than encoding them, and as telling.
    if (typeof chunk === 'string') for (let i = 0; i < chunk.length; i++) hash = Math.imul(hash ^ chunk.charCodeAt(i), 0x01000193);
    else for (let i = 0; i < chunk.length; i++) hash = Math.imul(hash ^ (chunk[i] ?? 0), 0x01000193);
    this.#hash = hash;
  }

  /** The hash since the last call, an unsigned 32-bit number; undefined when nothing was printed. */
  take(): number | undefined {
    if (this.#isEmpty) return undefined;
    const hash = this.#hash >>> 0;
    this.#hash = 0;
    this.#isEmpty = true;
    return hash;
  }
}
