import { isWanted, type LogLevel } from '../../../../base/seams/log.ts';
import { LIMITS } from '../../../../wire/limits.ts';
import { Budget } from '../budget.ts';
import type { LogMessage } from '../messages/messages.ts';

type Line = LogMessage['lines'][number];

/** Collects the lines of this process for LOG messages, within the rate that the other side takes; what is too much is dropped and counted. */
export class LogBuffer {
  readonly #level: LogLevel;
  readonly #budget: Budget;
  #lines: Line[] = [];
  #dropped = 0;

  constructor(level: LogLevel, nowMs: () => number) {
    this.#level = level;
    this.#budget = new Budget(LIMITS.logBytesPerSecond, LIMITS.logQueueBytes, nowMs);
  }

  /** Whether there is something to send. */
  get isEmpty(): boolean {
    return this.#lines.length === 0 && this.#dropped === 0;
  }

  add(stream: Line[0], level: LogLevel, text: string): void {
    if (!isWanted(level, this.#level)) return;
    for (const line of text.split('\n')) {
      if (!this.#budget.take(line.length + 1)) {
        this.#dropped++;
        continue;
      }
      // A code unit may take three bytes.
      this.#lines.push([stream, level, line.slice(0, LIMITS.logLineBytes / 3)]);
    }
  }

  /** What has collected, to be sent. */
  take(): LogMessage {
    const message: LogMessage = { lines: this.#lines, dropped: this.#dropped };
    this.#lines = [];
    this.#dropped = 0;
    return message;
  }
}
