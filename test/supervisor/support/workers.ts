// Runtimes that are called.
import { appendFileSync } from 'node:fs';
import type { UnitSelf } from '../../../src/supervisor.ts';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What a worker is made with. */
export interface WorkerGiven {
  readonly version?: string;
  /** Where it writes what happens, a line each. */
  readonly file?: string;
  /** `setup`: it cannot start. `soon`: it falls a moment after it is ready. */
  readonly falls?: 'setup' | 'soon';
}

/** Answers calls. */
export class Answers {
  readonly #given: WorkerGiven;
  #unit: UnitSelf | undefined;

  constructor(given: WorkerGiven) {
    this.#given = given;
  }

  setup(_given: WorkerGiven, unit: UnitSelf): void {
    if (this.#given.falls === 'setup') throw new Error('no setup');
    this.#unit = unit;
    this.#write('up');
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#given.falls === 'soon') {
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new Error('it fell');
    }
    await aborted(signal);
  }

  drain(): void {
    this.#write('drain');
  }

  teardown(): void {
    this.#write('down');
  }

  /** Who answers: name, life, version, process. */
  who(): { readonly name: string; readonly life: number; readonly version: string; readonly pid: number } {
    const { life = 0, name = '' } = this.#unit ?? {};
    return { name, life, version: this.#given.version ?? '', pid: process.pid };
  }

  async after(ms: number): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return this.#given.version ?? '';
  }

  echo<T>(value: T): T {
    return value;
  }

  refuse(): never {
    throw Object.assign(new RangeError('not that'), { code: 'E_NOT' });
  }

  unsendable(): () => number {
    return () => 1;
  }

  /** Waits until its caller has given up, and says so. */
  async hang(): Promise<void> {
    this.#write('hangs');
    await aborted(this.#unit?.callSignal ?? AbortSignal.abort());
    this.#write('given up');
  }

  exit(): never {
    process.exit(3);
  }

  #write(what: string): void {
    if (this.#given.file !== undefined) appendFileSync(this.#given.file, `${this.#unit?.name ?? ''} ${what}\n`);
  }
}

/** Holds so many mebibytes a moment after it began. */
export class Grows {
  readonly #mb: number;
  held: Buffer | undefined;

  constructor(mb: number) {
    this.#mb = mb;
  }

  async run(signal: AbortSignal): Promise<void> {
    setTimeout(() => (this.held = Buffer.alloc(this.#mb * 2 ** 20, 1)), 100);
    await aborted(signal);
  }
}
