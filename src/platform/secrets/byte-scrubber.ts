// Takes known texts out of a stream of bytes that comes in pieces cut anywhere. Invariants:
//   B1. As long as nothing is known, a piece leaves as it came, untouched.
//   B2. The end of what came, when it is the beginning of something known, waits for what comes next: at four characters or more. Fewer are
//       shown at once, so that a prompt that ends with such a letter stands there; what completes them is taken out all the same.
//   B3. What waits does so for a second at most, then until more comes in it is shown as it is, or, from the half of the text on, as its mark.
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import { replaced, type Found, type KnownSecrets } from './known-secrets.ts';

/** Fewer characters of something known say nothing. */
const LEAST_HELD = 4;
const HELD_MS = 1000;

export class ByteScrubber {
  readonly #secrets: KnownSecrets;
  readonly #clock: Clock;
  readonly #give: (bytes: Uint8Array) => void;
  /** The end of what came that may be the beginning of something known, as characters of one byte. */
  #tail = '';
  /** How many characters of it have left. */
  #shown = 0;
  #limit: TimerHandle | undefined;

  /** @param give takes what may be shown */
  constructor(secrets: KnownSecrets, clock: Clock, give: (bytes: Uint8Array) => void) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#give = give;
  }

  push(bytes: Uint8Array): void {
    if (!this.#secrets.hasTexts && this.#tail === '') return this.#give(bytes);
    this.#limit?.clear();
    this.#limit = undefined;
    const text = this.#tail + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const shown = this.#shown;
    const { found, open } = this.#read(text);
    const length = text.length - open;
    const leaves = length < LEAST_HELD ? text.length : Math.max(open, Math.min(shown, text.length));
    this.#tail = text.slice(open);
    this.#shown = leaves - open;
    // Nothing of it was known and nothing waits: the bytes are given as they came.
    if (found.length === 0 && shown === text.length - bytes.length && leaves === text.length) this.#give(bytes);
    else this.#giveText(text.slice(0, leaves), found, shown);
    if (this.#shown < this.#tail.length) this.#limit = this.#clock.after(HELD_MS, () => this.flush(), { background: true });
  }

  /** What of a text is known, and where its end begins that is open: a text that is known may be the beginning of a longer one. */
  #read(text: string): { readonly found: readonly Found[]; readonly open: number } {
    const found = this.#secrets.foundInBytes(text);
    const last = found.at(-1);
    const open = text.length - this.#secrets.openEnd(text).length;
    if (last === undefined || last.to <= open) return { found, open };
    if (last.from >= open) return { found: found.filter(({ from }) => from < open), open };
    return { found, open: text.length - this.#secrets.openEnd(text.slice(last.to)).length };
  }

  /** Gives what waits: nothing comes behind it for now. */
  flush(): void {
    this.#limit?.clear();
    this.#limit = undefined;
    const held = this.#tail.slice(this.#shown);
    if (held === '') return;
    const { share, mark } = this.#secrets.openEnd(this.#tail);
    // Half of a password is worth hiding; the beginning of a line that many texts share is not.
    if (share >= 0.5) this.#tail = '';
    this.#shown = this.#tail.length;
    const found = this.#secrets.foundInBytes(held);
    this.#give(Buffer.from(share >= 0.5 && found.length === 0 ? mark : replaced(held, found), 'latin1'));
  }

  /** @param shown how many characters at the beginning have left before */
  #giveText(text: string, found: readonly Found[], shown: number): void {
    // What has left cannot be taken back: the mark stands behind it.
    const rest = found
      .filter(({ to }) => to > shown)
      .map(({ from, to, mark }) => ({ from: Math.max(0, from - shown), to: to - shown, mark }));
    const left = replaced(text.slice(shown), rest);
    if (left !== '') this.#give(Buffer.from(left, 'latin1'));
  }
}
