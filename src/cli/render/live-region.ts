// The few lines at the bottom of a terminal that change. Owns: the cursor below the last line that stays.
//   L1. What was printed above is never touched again.
//   L2. Nothing is painted in the first 300 ms, and at most ten times a second.
//   L3. After close() the region is gone and nothing is painted any more.
import type { WriteStream } from 'node:tty';
import { cutTo } from './width.ts';

const FIRST_PAINT_MS = 300;
const REPAINT_MS = 100;
const BEGIN_SYNC = '\u001b[?2026h';
const END_SYNC = '\u001b[?2026l';

/** Whether a stream can show a live region: a terminal with room, not in CI, not asked for plain lines. */
export function canBeLive(stream: Pick<WriteStream, 'isTTY' | 'columns'>, env: NodeJS.ProcessEnv, plain: boolean): boolean {
  return stream.isTTY && stream.columns > 20 && env['TERM'] !== 'dumb' && !env['CI'] && !plain;
}

export class LiveRegion {
  readonly #stream: WriteStream;
  readonly #lines: (columns: number) => readonly string[];
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #painted = 0;
  #isClosed = false;

  /** @param lines gives the lines of this moment, plain or coloured, cut here when they are too wide */
  constructor(stream: WriteStream, lines: (columns: number) => readonly string[]) {
    this.#stream = stream;
    this.#lines = lines;
    this.#timer = setInterval(() => this.#repaint(''), REPAINT_MS).unref();
  }

  /** Prints text that stays, above the region. Text that does not end its line gets a line end. */
  above(text: string): void {
    if (text === '') return;
    this.#repaint(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Takes the region away; twice is fine. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    if (this.#painted > 0) this.#stream.write(this.#erase());
    this.#painted = 0;
  }

  #erase(): string {
    return this.#painted === 0 ? '' : `\r\u001b[${this.#painted}A\u001b[J`;
  }

  #repaint(above: string): void {
    const isEarly = performance.now() - this.#startedMs < FIRST_PAINT_MS;
    if (this.#isClosed || (isEarly && this.#painted === 0)) {
      if (above !== '') this.#stream.write(above);
      return;
    }
    const columns = this.#stream.columns;
    const rows = Math.max(1, this.#stream.rows - 1);
    const lines = this.#lines(columns).slice(-rows);
    const fitting = lines.map((line) => cutTo(line, columns - 1));
    this.#stream.write(`${BEGIN_SYNC}${this.#erase()}${above}${fitting.map((line) => `${line}\n`).join('')}${END_SYNC}`);
    this.#painted = fitting.length;
  }
}
