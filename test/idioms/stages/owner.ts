// The driver's end of an owner process. It lives for many orders, until a kill takes it or it does not answer.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Ending, Order } from '../inside/orders.ts';
import { environment } from './environment.ts';
import type { Inside } from './inside.ts';
import type { PackageUnderTest } from './package-under-test.ts';

/** What became of an order. */
export type Answer =
  | { readonly how: 'ended'; readonly ending: Ending }
  /** The kill that the order asked for has struck. */
  | { readonly how: 'killed' }
  | { readonly how: 'hang' }
  /** The owner itself broke. */
  | { readonly how: 'died'; readonly text: string };

const STDERR_CHARACTERS = 2000;

export class Owner {
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  #stderr = '';
  #hasEnded = false;
  /** Told of the end of the process; there while an order is carried out. */
  #closed: (signal: NodeJS.Signals | null) => void = () => undefined;

  /** @param stdinFd what the process has as its standard input; nothing by default @param within a command that starts it */
  constructor(inside: Inside, { folder, worker }: PackageUnderTest, stdinFd?: number, within: readonly string[] = []) {
    const [program, ...args] = [...within, process.execPath, inside.ownerMain, folder, worker];
    this.#child = spawn(program ?? process.execPath, args, {
      // What Node keeps of compiled code is no doing of a program.
      env: { ...environment(), ...(within.length > 0 ? { NODE_DISABLE_COMPILE_CACHE: '1' } : {}) },
      stdio: [stdinFd ?? 'ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (bytes: Buffer) => (this.#stderr = (this.#stderr + bytes.toString()).slice(-STDERR_CHARACTERS)));
    this.#child.on('close', (_, signal) => {
      this.#hasEnded = true;
      this.#closed(signal);
    });
    this.#ready = Promise.race([once(this.#child, 'message'), once(this.#child, 'close')]);
    this.#ready.catch(() => undefined);
  }

  get isAlive(): boolean {
    return !this.#hasEnded;
  }

  /** Carries one order out; one at a time. */
  async order(order: Order, limitMs: number): Promise<Answer> {
    await this.#ready;
    let timer: NodeJS.Timeout | undefined;
    const child = this.#child;
    try {
      return await new Promise<Answer>((resolve) => {
        if (this.#hasEnded) return resolve({ how: 'died', text: this.#stderr });
        child.once('message', (ending: Ending) => resolve({ how: 'ended', ending }));
        this.#closed = (signal) =>
          resolve(signal === 'SIGKILL' && order.killAfter !== undefined ? { how: 'killed' } : { how: 'died', text: this.#stderr });
        timer = setTimeout(() => resolve({ how: 'hang' }), limitMs);
        child.send(order);
      });
    } finally {
      clearTimeout(timer);
      child.removeAllListeners('message');
    }
  }

  /** Lets the process end by itself, so that whoever watches it sees all; as `close` when it does not. */
  async leave(limitMs: number): Promise<void> {
    if (this.#hasEnded) return;
    // Not `close`: Node does not say it of a child that was disconnected from here.
    const exited = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), limitMs);
    if (this.#child.connected) this.#child.disconnect();
    await exited;
    clearTimeout(timer);
    this.#hasEnded = true;
  }

  /** Ends the process; its runner goes with it. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }
}
