import { isWanted, type LogLevel } from '../../../base/log.ts';
import { LIMITS } from '../../../wire/limits.ts';
import type { LogMessage } from './messages.ts';

/** Bytes that leave without delay after a quiet time, as the reader's limits allow. */
const BURST_BYTES = LIMITS.logQueueBytes;

type Line = LogMessage['lines'][number];

/** Collects the lines of this process for LOG messages, within the rate that the other side takes; what is too much is dropped and counted. */
export class LogBuffer {
  readonly #level: LogLevel;
  readonly #nowMs: () => number;
  #lines: Line[] = [];
  #dropped = 0;
  #budget = BURST_BYTES;
  #lastMs: number;

  constructor(level: LogLevel, nowMs: () => number) {
    this.#level = level;
    this.#nowMs = nowMs;
    this.#lastMs = nowMs();
  }

  /** Whether there is something to send. */
  get isEmpty(): boolean {
    return this.#lines.length === 0 && this.#dropped === 0;
  }

  add(stream: Line[0], level: LogLevel, text: string): void {
    if (!isWanted(level, this.#level)) return;
    const nowMs = this.#nowMs();
    this.#budget = Math.min(BURST_BYTES, this.#budget + ((nowMs - this.#lastMs) * LIMITS.logBytesPerSecond) / 1000);
    this.#lastMs = nowMs;
    for (const line of text.split('\n')) {
      if (this.#budget < line.length) {
        this.#dropped++;
        continue;
      }
      this.#budget -= line.length + 1;
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
