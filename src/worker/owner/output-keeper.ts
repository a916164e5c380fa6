import type { LogLine } from '../../base/seams/log.ts';
import type { Clock } from '../../base/seams/clock.ts';
import type { OutputLog, OutputPiece } from '../../durable/journal/sessions/output-log.ts';

/** Keeps a copy of what a session prints, once there is where to keep it. What comes before is none of a session's. */
export class OutputKeeper {
  readonly #clock: Clock;
  #log: OutputLog | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on it is kept there. */
  keepIn(log: OutputLog): void {
    this.#log = log;
  }

  /** Bytes of the program's own streams, as they came. */
  take(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.#keep({ stream }, bytes);
  }

  /** A line of a far context. */
  line({ context, text }: LogLine): void {
    this.#keep({ context }, Buffer.from(text));
  }

  #keep(from: OutputPiece['from'], bytes: Uint8Array): void {
    this.#log?.write({ atMs: this.#clock.wallMs(), from, bytes });
  }

  /** Resolves when everything is kept. @returns why something is not */
  async close(): Promise<Error | undefined> {
    const log = this.#log;
    this.#log = undefined;
    await log?.close();
    return log?.problem;
  }
}
