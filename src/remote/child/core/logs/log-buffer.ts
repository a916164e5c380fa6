import { isWanted, type LogLevel } from '../../../../base/seams/log.ts';
import { LIMITS } from '../../../../wire/limits.ts';
import { Budget } from '../budget.ts';
import type { LogMessage } from '../messages/messages.ts';

type Line = LogMessage['lines'][number];

/**
 * Collects the lines of this process for LOG messages, within the rate that the other side takes and what may wait for the link; what is too much is
 * dropped and counted.
 */
export class LogBuffer {
  readonly #level: LogLevel;
  readonly #budget: Budget;
  #lines: Line[] = [];
  #dropped = 0;
  #waitingBytes = 0;

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
      const costBytes = line.length + LIMITS.logLineOverheadBytes;
      if (this.#waitingBytes + costBytes > LIMITS.logWaitingBytes || !this.#budget.take(costBytes)) {
        this.#dropped++;
        continue;
      }
      // A code unit may take three bytes.
      this.#lines.push([stream, level, line.slice(0, LIMITS.logLineBytes / 3)]);
      this.#waitingBytes += costBytes;
    }
  }

  /** What has collected, the oldest first, to be sent. @param mostBytes as many lines as fit, at least one; the others stay */
  take(mostBytes: number): LogMessage {
    let bytes = 0;
    const past = this.#lines.findIndex(
      ([, , text], index) => (bytes += text.length + LIMITS.logLineOverheadBytes) > mostBytes && index > 0,
    );
    const lines = this.#lines.splice(0, past < 0 ? this.#lines.length : past);
    const message: LogMessage = { lines, dropped: this.#dropped };
    for (const [, , text] of lines) this.#waitingBytes -= text.length + LIMITS.logLineOverheadBytes;
    if (this.#lines.length === 0) this.#waitingBytes = 0;
    this.#dropped = 0;
    return message;
  }
}
