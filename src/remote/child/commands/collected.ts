/** Bytes of an output, up to a limit. */
export class Collected {
  readonly #pieces: Uint8Array[] = [];
  readonly #limitBytes: number;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Keeps what fits. @returns whether all of it did */
  add(piece: Uint8Array): boolean {
    const kept = piece.subarray(0, this.#limitBytes - this.#bytes);
    if (kept.length > 0) this.#pieces.push(kept);
    this.#bytes += kept.length;
    return kept.length === piece.length;
  }

  value(isBinary: boolean): string | Uint8Array {
    const all = Buffer.concat(this.#pieces);
    return isBinary ? new Uint8Array(all.buffer, all.byteOffset, all.length) : all.toString();
  }
}
