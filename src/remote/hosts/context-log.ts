import type { LogLine, LogLevel, LogSink } from '../../base/seams/log.ts';
import { isWanted } from '../../base/seams/log.ts';
import { LIMITS } from '../../wire/limits.ts';
import { Budget } from '../child/core/budget.ts';

/** How many lines of stderr are kept for errors. */
const KEPT_LINES = 20;
/** How often the count of dropped lines is told. */
const TELL_MS = 1000;

/** Lines of one context on their way to the sink: bounded in size and rate; what is too much is dropped and counted. */
export class ContextLog {
  readonly #name: string;
  readonly #level: LogLevel;
  readonly #sink: LogSink;
  readonly #clean: (line: string) => string;
  readonly #budget: Budget;
  readonly #last: string[] = [];
  readonly #nowMs: () => number;
  #dropped = 0;
  #toldMs = -Infinity;

  /** @param clean removes what only the far side should see */
  constructor(name: string, level: LogLevel, sink: LogSink, nowMs: () => number, clean: (line: string) => string) {
    this.#clean = clean;
    this.#name = name;
    this.#level = level;
    this.#sink = sink;
    this.#nowMs = nowMs;
    this.#budget = new Budget(LIMITS.logBytesPerSecond, LIMITS.logQueueBytes, nowMs);
  }

  /** Last lines of stderr and of the transport, oldest first. */
  get lastLines(): readonly string[] {
    return [...this.#last];
  }

  add(stream: LogLine['stream'], level: LogLevel, text: string): void {
    const line = this.#clean(text.slice(0, LIMITS.logLineBytes));
    if (stream === 'stderr' || stream === 'transport') {
      this.#last.push(line);
      if (this.#last.length > KEPT_LINES) this.#last.shift();
    }
    if (!isWanted(level, this.#level)) return;
    if (!this.#budget.take(line.length + LIMITS.logLineOverheadBytes)) {
      this.#dropped++;
      return;
    }
    if (this.#nowMs() - this.#toldMs >= TELL_MS) this.#tellDropped();
    this.#sink({ context: this.#name, stream, level, text: line });
  }

  /** Lines that the far side dropped before it sent. */
  droppedThere(count: number): void {
    this.#dropped += count;
  }

  /** The context is gone: the count of what was dropped last is told. */
  end(): void {
    this.#tellDropped();
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    const text = `${this.#dropped} lines came too fast and were dropped`;
    this.#dropped = 0;
    this.#toldMs = this.#nowMs();
    this.#sink({ context: this.#name, stream: 'transport', level: 'warn', text });
  }
}
