// History on its way to a runner, in frames of many rows. It may begin before START, while the journal is still being read and the runner boots:
// nothing of the program runs before GO. A runner that takes nothing holds the reading up, so that only so much waits in memory.
import type { Clock } from '../../base/seams/clock.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import { partsFrame } from '../../durable/journal/runner/runner-frames.ts';
import { drained } from '../../platform/links/drained.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import type { SpawnedRunner } from '../runner-process.ts';

const FRAME_BYTES = 256 * 1024;
/** So much may wait for the runner: it takes nothing while it boots. */
const AHEAD_BYTES = 4 * 1024 * 1024;
/** A runner that takes nothing for so long is ended: a boot of Node on a busy machine takes seconds. */
const STUCK_MS = 60_000;

/** The rows of one session, sent in order. */
export class HistoryFeed {
  readonly #runner: SpawnedRunner;
  readonly #clock: Clock;
  #pieces: Uint8Array[] = [];
  #session = '';
  #firstSeq = 0;
  #count = 0;
  #bytes = 0;

  constructor(runner: SpawnedRunner, clock: Clock) {
    this.#runner = runner;
    this.#clock = clock;
  }

  /** The next row; rows of one frame become one. Its bytes may not change before it was sent. A promise only where the runner is waited for. */
  take({ session, firstSeq, count, bytes }: JournalRow): Promise<void> | undefined {
    if (this.#count === 0) {
      this.#session = session;
      this.#firstSeq = firstSeq;
    }
    this.#pieces.push(bytes);
    this.#count += count;
    this.#bytes += bytes.length;
    return this.#bytes < FRAME_BYTES ? undefined : this.flush();
  }

  /** Sends what was taken. A runner that is gone takes nothing, and whoever owns it notices. */
  flush(): Promise<void> | undefined {
    if (this.#count === 0) return undefined;
    const row = { session: this.#session, firstSeq: this.#firstSeq, count: this.#count, pieces: this.#pieces, byteLength: this.#bytes };
    const frame = partsFrame(HANDLE.HISTORY, 0, 0, [row]);
    this.#pieces = [];
    this.#count = 0;
    this.#bytes = 0;
    return this.send(frame);
  }

  /** Sends a frame that is no history. */
  send(frame: Uint8Array): Promise<void> | undefined {
    const { journal } = this.#runner;
    if (journal.destroyed) return undefined;
    journal.write(frame);
    return journal.writableLength > AHEAD_BYTES ? this.#taken() : undefined;
  }

  async #taken(): Promise<void> {
    const limit = this.#clock.after(STUCK_MS, () => this.#runner.close());
    try {
      await drained(this.#runner.journal);
    } finally {
      limit.clear();
    }
  }
}
