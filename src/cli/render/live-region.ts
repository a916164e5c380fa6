// The few lines at the bottom of a terminal that change. Owns: the cursor below the last line that stays.
//   L1. What was printed above is never touched again.
//   L2. Nothing is painted in the first 300 ms, and at most ten times a second unless something is printed above.
//   L3. After close() the region is gone and nothing is painted any more.
import type { WriteStream } from 'node:tty';
import { cutTo, widthOf } from './text/width.ts';

const FIRST_PAINT_MS = 300;
const REPAINT_MS = 100;
const BEGIN_SYNC = '\u001b[?2026h';
const END_SYNC = '\u001b[?2026l';
const CLEAR_LINE = '\r\u001b[K';
const UP_AND_CLEAR = '\u001b[A\u001b[2K';
/** Narrower terminals get plain lines. */
const LEAST_COLUMNS = 20;

/** Whether a stream can show a live region: a terminal with room, not in CI, not asked for plain lines. */
export function canBeLive(stream: Pick<WriteStream, 'isTTY' | 'columns'>, env: NodeJS.ProcessEnv, plain: boolean): boolean {
  return stream.isTTY && stream.columns > LEAST_COLUMNS && env['TERM'] !== 'dumb' && !env['CI'] && !plain;
}

/** Whether this terminal breaks lines again when it gets narrower. Nearly all do; these cut them off. */
export function breaksAgain(env: NodeJS.ProcessEnv): boolean {
  return env['XTERM_VERSION'] === undefined && env['STY'] === undefined && env['TERM'] !== 'linux';
}

/** Asks the system for the size now; Node itself does so only when it gets to the signal. Its method for that is not documented. */
function refreshSize(stream: WriteStream & { _refreshSize?: () => void }): void {
  stream._refreshSize?.();
}

export class LiveRegion {
  readonly #stream: WriteStream;
  readonly #lines: (columns: number) => readonly string[];
  readonly #breaksAgain: boolean;
  readonly #cut: string;
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #onResize = (): void => {
    if (!this.#isPainting) this.#repaint('');
  };
  #isPainting = false;
  /** Widths of the lines that are on the screen. */
  #painted: readonly number[] = [];
  /** What is printed above meanwhile waits here while somebody else has the terminal. */
  #held: string[] | undefined;
  #isClosed = false;
  #isLent = false;

  /**
   * @param lines gives the lines of this moment, plain or coloured, cut here when they are too wide
   * @param env says how the terminal behaves. @param cut stands for what is cut off
   */
  constructor(stream: WriteStream, lines: (columns: number) => readonly string[], env: NodeJS.ProcessEnv, cut: string) {
    this.#cut = cut;
    this.#stream = stream;
    this.#lines = lines;
    this.#breaksAgain = breaksAgain(env);
    this.#timer = setInterval(() => this.#repaint(''), REPAINT_MS).unref();
    stream.on('resize', this.#onResize);
  }

  /** Prints text that stays, above the region. Text that does not end its line gets a line end. */
  above(text: string): void {
    if (text === '') return;
    if (this.#held !== undefined) this.#held.push(text.endsWith('\n') ? text : `${text}\n`);
    else this.#repaint(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Leaves the terminal to somebody else, who asks a question there, until `resume`. */
  pause(): void {
    if (this.#isClosed || this.#held !== undefined) return;
    this.#stream.write(this.#erase());
    this.#painted = [];
    this.#held = [];
  }

  /** Whether the program has the terminal: what it prints goes there as it is. */
  get isLent(): boolean {
    return this.#isLent;
  }

  /** Gives the terminal to the program until `takeBack`. */
  lend(): void {
    if (this.#isClosed || this.#isLent) return;
    this.#isLent = true;
    if (this.#painted.length > 0) this.#stream.write(this.#erase());
    this.#painted = [];
  }

  takeBack(): void {
    this.#isLent = false;
  }

  /** Prints text of the program as it is, while it has the terminal. */
  asIs(text: string): void {
    if (text !== '') this.#stream.write(text);
  }

  /** Goes on after `pause`, with what was printed meanwhile. */
  resume(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#repaint(held.join(''));
  }

  /** Takes the region away; twice is fine. */
  close(): void {
    if (this.#isClosed) return;
    this.resume();
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#stream.off('resize', this.#onResize);
    this.#stream.write(this.#erase());
    this.#painted = [];
  }

  /**
   * Clears the region from its last line to its first, where the cursor is then: its lines take more rows once the terminal has become
   * narrower. Line by line, since tmux keeps what is cleared from the top of the screen to its end in its history.
   */
  #erase(): string {
    // Without a region too: a terminal echoes ^C at the cursor, and what comes next begins at the left.
    if (this.#painted.length === 0) return CLEAR_LINE;
    // A resize that nobody has been told yet: what is on the screen has been broken anew already.
    this.#isPainting = true;
    refreshSize(this.#stream);
    this.#isPainting = false;
    const columns = this.#stream.columns;
    const rowsOf = (width: number): number => (this.#breaksAgain ? Math.max(1, Math.ceil(width / columns)) : 1);
    const rows = this.#painted.reduce((sum, width) => sum + rowsOf(width), 0);
    return CLEAR_LINE + UP_AND_CLEAR.repeat(Math.min(rows, this.#stream.rows - 1));
  }

  #repaint(above: string): void {
    if (this.#held !== undefined) return;
    if (this.#isLent) {
      if (above !== '') this.#stream.write(above);
      return;
    }
    const isEarly = performance.now() - this.#startedMs < FIRST_PAINT_MS;
    if (this.#isClosed || (isEarly && this.#painted.length === 0)) {
      if (above !== '') this.#stream.write(this.#isClosed ? above : `${CLEAR_LINE}${above}`);
      return;
    }
    const erase = this.#erase();
    const columns = this.#stream.columns;
    const rows = Math.max(1, this.#stream.rows - 1);
    const lines = this.#lines(columns)
      .slice(-rows)
      .map((line) => cutTo(line, columns - 1, this.#cut));
    this.#stream.write(`${BEGIN_SYNC}${erase}${above}${lines.map((line) => `${line}\n`).join('')}${END_SYNC}`);
    this.#painted = lines.map(widthOf);
  }
}
