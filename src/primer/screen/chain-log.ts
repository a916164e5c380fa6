// The log of one start, through all of its hops: what was done when, and all that tools said. Starts with nothing to do leave none.
// 1. A line is written when it is said; nothing stays open. What must not be shown is not written either.
// 2. Hops find the file by the id of the chain: that of the process which the launcher becomes.
import fs from 'node:fs';
import path from 'node:path';
import { lstat, makeFolder, namesIn, removeTree } from '../files.ts';
import type { Progress, Step } from './progress.ts';
import { toError } from '../problem.ts';
import { withoutCredentials } from './render-problem.ts';

/** Names the chain for hops that are no child of the launcher. */
export const CHAIN = 'PRIME_CHAIN';

const KEPT = 10;
const SAME_CHAIN_MS = 3_600_000;
const NAME = /^\d{8}T\d{6}Z\.(\d+)\.log$/;

/** The log of a chain. */
export class ChainLog {
  readonly file: string;
  readonly #head: string;
  readonly #makeFolder: () => void;
  readonly #onFailure: (text: string) => void;
  #isBegun: boolean;
  #isGivenUp = false;

  /** @param makeStateFolder makes `.prime`, when there is a first line */
  constructor(stateFolder: string, chain: number, head: string, makeStateFolder: () => void, onFailure: (text: string) => void) {
    const folder = path.join(stateFolder, 'logs');
    const earlier = namesIn(folder)
      .filter((name) => NAME.exec(name)?.[1] === String(chain))
      .map((name) => path.join(folder, name))
      .filter((file) => Date.now() - (lstat(file)?.mtimeMs ?? 0) < SAME_CHAIN_MS)
      .pop();
    const began = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    this.file = earlier ?? path.join(folder, `${began}.${chain}.log`);
    this.#isBegun = earlier !== undefined;
    this.#head = head;
    this.#makeFolder = makeStateFolder;
    this.#onFailure = onFailure;
  }

  /** Whether there is a file. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** Writes lines, each with its time. A log that cannot be written stops nothing: it is told once, and there is none. */
  write(text: string): void {
    if (this.#isGivenUp) return;
    try {
      this.#write(text);
    } catch (error) {
      this.#isGivenUp = true;
      this.#isBegun = false;
      this.#onFailure(`no log is kept: ${toError(error).message}`);
    }
  }

  #write(text: string): void {
    if (!this.#isBegun) {
      const folder = path.dirname(this.file);
      this.#makeFolder();
      makeFolder(folder);
      const old = namesIn(folder).filter((name) => NAME.test(name));
      for (const name of old.slice(0, Math.max(0, old.length - KEPT + 1))) removeTree(path.join(folder, name));
      this.#isBegun = true;
      this.#append(this.#head);
    }
    this.#append(text);
  }

  #append(text: string): void {
    const time = new Date().toISOString();
    const lines = withoutCredentials(text).replace(/\n$/, '').split('\n');
    fs.appendFileSync(this.file, lines.map((line) => `${time} ${line}\n`).join(''), { mode: 0o600 });
  }
}

/** The same progress, which stands in the log as well, also where nothing is shown. */
export function logged(progress: Progress, log: ChainLog): Progress {
  return {
    step(name): Step {
      const step = progress.step(name);
      return {
        now(text, bytes) {
          log.write(`${name}: ${text}`);
          step.now(text, bytes);
        },
        done(text) {
          log.write(`${name}: ${text}`);
          step.done(text);
        },
        failed() {
          log.write(`${name}: failed`);
          step.failed();
        },
      };
    },
    line(text) {
      log.write(text);
      progress.line(text);
    },
  };
}
