// What must not be shown of one session: texts of the environment that the settings name, and Secrets that the program makes. Prints of them are
// kept with the session, so that whoever shows it later finds them too.
import { toError } from '../../base/errors/errors.ts';
import { secretsOfEnv } from '../../platform/secrets/env-secrets.ts';
import type { KnownSecrets } from '../../platform/secrets/known-secrets.ts';
import { printsOf } from '../../platform/secrets/secret-prints.ts';
import { printKey } from '../program/secret-key.ts';
import type { RunObserver } from '../run-observer.ts';
import type { Store } from '../store/store.ts';

/** The environment and what is said of its names. */
export interface SecretEnv {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Patterns of names, as in the settings. */
  readonly names: readonly string[];
  readonly observer: RunObserver | undefined;
}

/** Of all secrets of a session: some two thousand of them. What a program makes without end is no secret to keep. */
const MOST_PRINTS = 30_000;
const TOO_SHORT = 'has fewer than 6 characters and is shown where it is printed: it would be found in words that say something else';

export class SessionSecrets {
  readonly known: KnownSecrets;
  #observer: RunObserver | undefined;
  /** Settles when every print is kept. */
  #kept: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;
  #isShortTold = false;
  #isLossTold = false;

  constructor(known: KnownSecrets) {
    this.known = known;
  }

  /** Those of the environment are known from now on. */
  addEnv({ env, names, observer }: SecretEnv): void {
    this.#observer = observer;
    for (const { name, text } of secretsOfEnv(env, names)) if (!this.known.add(text, name)) this.#note(`the secret ${name} ${TOO_SHORT}`);
  }

  /** Keeps prints of all that is known, and of what comes to be known, with a session that this process owns. */
  async keepIn({ sessions, key }: Store, sessionId: string): Promise<void> {
    const kept = new Set((await sessions.secretPrints(sessionId)).map(({ hash, name }) => `${hash} ${name ?? ''}`));
    this.#stop = this.known.onKnown((text, name) => {
      if (kept.size > MOST_PRINTS) return this.#tooMany();
      const prints = printsOf(printKey({ key }), text, name).filter((print) => !kept.has(`${print.hash} ${print.name ?? ''}`));
      for (const print of prints) kept.add(`${print.hash} ${print.name ?? ''}`);
      if (prints.length > 0) this.#kept = this.#keep(this.#kept, () => sessions.noteSecrets(sessionId, prints));
    });
    await this.#kept;
  }

  /** The program has made a Secret. Resolves when it is known here and its prints are kept. Never rejects. */
  async made(text: string): Promise<void> {
    if (!this.known.add(text) && !this.#isShortTold) {
      this.#isShortTold = true;
      this.#note(`a Secret of the program ${TOO_SHORT}`);
    }
    await this.#kept;
  }

  /** What comes to be known from now on is no business of this session. Resolves when every print is kept. Twice is fine. */
  async close(): Promise<void> {
    this.#stop?.();
    await this.#kept;
  }

  #tooMany(): void {
    if (!this.#isLossTold) this.#note('it has made more secrets than are kept: resprout show may show those that come later');
    this.#isLossTold = true;
  }

  async #keep(before: Promise<void>, note: () => Promise<void>): Promise<void> {
    await before;
    try {
      await note();
    } catch (thrown) {
      if (!this.#isLossTold) this.#note(`prints of secrets could not be kept, resprout show may show them: ${toError(thrown).message}`);
      this.#isLossTold = true;
    }
  }

  #note(text: string): void {
    this.#observer?.on({ type: 'note', text });
  }
}
