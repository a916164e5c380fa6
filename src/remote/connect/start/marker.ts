const MARKER_LINE_LIMIT_BYTES = 65_536;
/** What may follow the mark. All have places for at most so many characters. */
const VERBS = [' ok ', ' no ', ' say '];
const VERB_CHARS = 5;

/** What the far side said in its marker line. */
export type MarkerLine =
  | { readonly found: true; readonly path: string; readonly version: string }
  /** `candidates`: each path that was looked at, with what it said; `system`: `uname -sm`. */
  | { readonly found: false; readonly candidates: readonly NodeCandidate[]; readonly system: string }
  /** While a Node is put there. */
  | { readonly found: 'not yet'; readonly said: string };

/** A Node of the far side that does not fit. */
export interface NodeCandidate {
  readonly path: string;
  /** `v20.1.0`; undefined when it did not answer, or was not asked since its folder is named like an old version. */
  readonly version: string | undefined;
  /** Whether it was run and said nothing that is a version. */
  readonly isBroken: boolean;
}

function parseFound(rest: string): MarkerLine {
  const at = rest.lastIndexOf(' ');
  return { found: true, path: rest.slice(0, Math.max(at, 0)), version: rest.slice(at + 1) };
}

function parseCandidate(text: string): NodeCandidate {
  const parts = /^(.*) (v\d[\w.+-]*|\S*)$/.exec(text);
  const [, path = text, said] = text.includes(' ') && parts !== null ? parts : [];
  if (said === undefined) return { path: text, version: undefined, isBroken: false };
  if (said.startsWith('v')) return { path, version: said, isBroken: false };
  // A space of the path itself, in an entry that was not asked.
  if (said !== '?' && said.includes('/')) return { path: text, version: undefined, isBroken: false };
  return { path, version: undefined, isBroken: true };
}

function parseMissing(rest: string): MarkerLine {
  const at = rest.lastIndexOf(';');
  const entries = at < 0 ? [] : rest.slice(0, at).split(';');
  return { found: false, candidates: entries.filter((entry) => entry !== '').map(parseCandidate), system: rest.slice(at + 1).trim() };
}

function parseLine(text: string): MarkerLine {
  if (text.startsWith(' say ')) return { found: 'not yet', said: text.slice(5) };
  return text.startsWith(' ok ') ? parseFound(text.slice(4)) : parseMissing(text.slice(4));
}

/**
 * Seeks the line of the far side in what comes before the frames. It may follow noise on the same line, and pieces are cut anywhere.
 * The command line holds the mark, but never followed by ` ok `, ` no ` or ` say `, so that an echo of it is noise.
 */
export class MarkerScanner {
  readonly #mark: string;
  #held = Buffer.alloc(0);

  constructor(mark: string) {
    this.#mark = mark;
  }

  /**
   * Takes a piece. `noise` is never part of the line; `line` is there once it is complete, and `rest` follows it.
   * A line longer than 65,536 bytes is given up as noise.
   */
  push(piece: Uint8Array): { readonly noise: Uint8Array; readonly line?: MarkerLine; readonly rest?: Uint8Array } {
    this.#held = Buffer.concat([this.#held, piece]);
    const start = this.#start();
    const end = start < 0 ? -1 : this.#held.indexOf(0x0a, start);
    if (start < 0 || end < 0) return { noise: this.#release(this.#keptFrom(start)) };
    const noise = this.#held.subarray(0, start);
    const text = this.#held
      .subarray(start + this.#mark.length, end)
      .toString('utf8')
      .replace(/\r$/, '');
    const rest = this.#held.subarray(end + 1);
    this.#held = Buffer.alloc(0);
    return { noise, line: parseLine(text), rest };
  }

  /** What is still held when the stream ends: it was noise. */
  end(): Uint8Array {
    return this.#release(this.#held.length);
  }

  /** From where on bytes may be of a line that is not complete. One that is longer than the limit is none: then the next one is sought. */
  #keptFrom(start: number): number {
    const oldest = this.#held.length - MARKER_LINE_LIMIT_BYTES;
    const first = start >= 0 && start < oldest ? this.#start(oldest) : start;
    return first < 0 ? this.#held.length - this.#mark.length - VERB_CHARS + 1 : first;
  }

  #start(from = 0): number {
    const places = VERBS.map((verb) => this.#held.indexOf(`${this.#mark}${verb}`, from)).filter((at) => at >= 0);
    return places.length === 0 ? -1 : Math.min(...places);
  }

  /** Cuts the first `count` bytes off and gives them. */
  #release(count: number): Uint8Array {
    const released = this.#held.subarray(0, Math.max(count, 0));
    this.#held = this.#held.subarray(released.length);
    return released;
  }
}
