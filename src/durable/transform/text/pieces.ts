/** A stretch of the lowered text, taken over as it is. */
export interface RangePiece {
  readonly from: number;
  readonly to: number;
}

/** Text that the transform adds. `origin` is the offset in the lowered text that a stack frame in it belongs to; -1 for none. */
export interface TextPiece {
  readonly text: string;
  readonly origin: number;
}

export type Piece = RangePiece | TextPiece;

/** Collects the output as pieces, in the order of the output. Whatever is inserted in the middle of an expression needs no second pass. */
export class PieceWriter {
  readonly #pieces: Piece[] = [];

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** Takes over `[from, to)` of the lowered text. */
  range(from: number, to: number): void {
    if (to > from) this.#pieces.push({ from, to });
  }

  /** Adds text that is not in the lowered text. */
  text(text: string, origin = -1): void {
    this.#pieces.push({ text, origin });
  }

  /** The whole output. */
  render(lowered: string): string {
    return this.#pieces.map((piece) => ('text' in piece ? piece.text : lowered.slice(piece.from, piece.to))).join('');
  }
}
