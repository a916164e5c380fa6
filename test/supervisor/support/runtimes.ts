// Runtimes for the tests of the supervisor.
import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { OwnerSelf, UnitSelf } from '../../../src/supervisor.ts';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Blocks until it is cancelled. */
export class Waits {
  run(signal: AbortSignal): Promise<void> {
    return aborted(signal);
  }
}

/** Writes what it does into a file, a line each. */
export class Writes {
  readonly #file: string;
  readonly #name: string;
  readonly #tellsEnd: boolean;

  constructor({ file, name, tellsEnd = true }: { readonly file: string; readonly name: string; readonly tellsEnd?: boolean }) {
    this.#file = file;
    this.#name = name;
    this.#tellsEnd = tellsEnd;
  }

  setup(_given: unknown, { life }: UnitSelf): void {
    this.#write(`${this.#name} ${life} up ${process.pid}`);
  }

  run(signal: AbortSignal): Promise<void> {
    return aborted(signal);
  }

  teardown({ life }: UnitSelf): void {
    if (this.#tellsEnd) this.#write(`${this.#name} ${life} down`);
  }

  #write(line: string): void {
    appendFileSync(this.#file, `${line}\n`);
  }
}

/** Writes that it is up, then hears of nothing any more. */
export class Loops extends Writes {
  override run(signal: AbortSignal): Promise<void> {
    setTimeout(loop, 50);
    return super.run(signal);
  }
}

/** Falls after so many milliseconds, by a throw or with an exit code. */
export class Falls {
  readonly #given: { readonly afterMs: number; readonly code?: number };

  constructor(given: { readonly afterMs: number; readonly code?: number }) {
    this.#given = given;
  }

  async run(): Promise<void> {
    const { afterMs, code } = this.#given;
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (code !== undefined) process.exit(code);
    throw new Error('it fell');
  }
}

/** A server that is asked by the owner to end: its run looks at no signal. */
export class Asked {
  static prepare({ file }: { readonly file: string }, owner: OwnerSelf): { readonly file: string; readonly path: string } {
    owner.defer(() => appendFileSync(file, 'released first\n'));
    owner.defer(() => appendFileSync(file, 'released last\n'));
    appendFileSync(file, `prepared ${process.pid}\n`);
    return { file, path: `${file}.sock` };
  }

  static async cancel({ file, path }: { readonly file: string; readonly path: string }): Promise<void> {
    appendFileSync(file, `cancelled ${process.pid}\n`);
    const { connect } = await import('node:net');
    await new Promise((resolve) => connect(path).on('close', resolve).resume());
  }

  readonly #given: { readonly file: string; readonly path: string };

  constructor(given: { readonly file: string; readonly path: string }) {
    this.#given = given;
  }

  async run(_signal: AbortSignal, unit: UnitSelf): Promise<void> {
    const server = createServer((socket) => void socket.end(() => server.close()));
    await new Promise<void>((resolve) => server.listen(this.#given.path, resolve));
    unit.ready();
    await new Promise((resolve) => server.on('close', resolve));
  }

  teardown(): void {
    appendFileSync(this.#given.file, `down ${process.pid}\n`);
  }
}

/** Its prepare throws. */
export const unprepared = {
  prepare(_args: undefined, owner: OwnerSelf): never {
    owner.defer(() => {
      throw new Error('no release either');
    });
    throw new RangeError('no port is free');
  },
  run(signal: AbortSignal): Promise<void> {
    return aborted(signal);
  },
};

/** Its cancel throws: then its signal fires. */
export class BadCancel extends Waits {
  static cancel(): never {
    throw new Error('nobody answers');
  }
}

/** Starts processes that ignore signals and that left its group, then does what is asked. */
export class Parents {
  readonly #given: { readonly file: string; readonly next: 'wait' | 'loop' | 'fall' };

  constructor(given: { readonly file: string; readonly next: 'wait' | 'loop' | 'fall' }) {
    this.#given = given;
  }

  async setup(): Promise<void> {
    const stubborn = [
      '-e',
      "process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {}); setInterval(() => {}, 1000); console.log('up')",
    ];
    const pids = [process.pid];
    for (const detached of [false, true]) {
      const child = spawn(process.execPath, stubborn, { detached, stdio: ['ignore', 'pipe', 'ignore'] });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.unref();
      pids.push(child.pid ?? 0);
    }
    writeFileSync(this.#given.file, pids.join(' '));
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.#given.next === 'loop') setTimeout(() => loop(), 50);
    if (this.#given.next !== 'fall') return await aborted(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    throw new Error('it fell');
  }
}

function loop(): never {
  for (;;);
}

/** Listens on a port: in setup, or in run, which then says when it is ready. */
export class Serves {
  readonly #given: { readonly port: number; readonly inRun?: boolean };
  #server = createServer();

  constructor(given: { readonly port: number; readonly inRun?: boolean }) {
    this.#given = given;
  }

  async setup(): Promise<void> {
    if (this.#given.inRun !== true) await this.#listen();
  }

  async run(signal: AbortSignal, unit: UnitSelf): Promise<void> {
    if (this.#given.inRun === true) await this.#listen();
    unit.ready();
    await aborted(signal);
  }

  async teardown(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#given.port, 'localhost', () => resolve());
    });
  }
}

/** Takes what it can get. */
export class Environment {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  run(signal: AbortSignal): Promise<void> {
    process.env['RESPROUT_TEST_VALUE'] += ' changed';
    appendFileSync(this.#file, `${process.env['RESPROUT_TEST_VALUE']}\n`);
    return aborted(signal);
  }
}

/** Its setup takes five seconds, and hears of nothing. */
export class Slow extends Waits {
  async setup(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 5000));
  }
}

/** Does what no unit should, a moment after it began. */
export class Odd {
  readonly #what: 'garbage' | 'unreadable' | 'symbol' | 'extend';

  constructor(what: 'garbage' | 'unreadable' | 'symbol' | 'extend') {
    this.#what = what;
  }

  async run(signal: AbortSignal, unit: UnitSelf): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (this.#what === 'garbage') {
      // What its reports take, in a process and in a thread.
      if (parentPort === null) writeSync(3, 'garbage'.repeat(10));
      else parentPort.postMessage(new Uint8Array([1, 2, 3]));
    }
    // oxlint-disable-next-line no-throw-literal -- that is what is tested
    if (this.#what === 'symbol') throw Symbol('odd');
    if (this.#what === 'unreadable') throw unreadable();
    if (this.#what === 'extend') unit.extend(-1);
    await aborted(signal);
  }
}

function unreadable(): Error {
  const error = new Error('never read', { cause: undefined });
  Object.defineProperty(error, 'message', {
    get() {
      throw new Error('no message');
    },
  });
  error.cause = error;
  return error;
}
