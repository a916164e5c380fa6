// Controllers of detached contexts as processes of their own, and what they leave.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

export const CONTROLLER: string = fileURLToPath(new URL('controller.ts', import.meta.url));
const LIMIT_MS = 60_000;

/** What `start` says. */
export interface Started {
  readonly token: string;
  readonly shown: string;
  readonly pid: number;
  readonly sum: number;
  readonly children: readonly number[];
  readonly running: string;
}

/** A controller that runs. */
export class Controller implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(...words: readonly string[]) {
    this.child = spawn(process.execPath, [CONTROLLER, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.child.stdout === null) throw new Error('it has no stdout');
    this.#lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  tell(line: unknown): void {
    this.child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  /** What it says next. */
  async next<T>(): Promise<T> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), LIMIT_MS);
    const line = await this.#lines.next();
    clearTimeout(timer);
    if (line.done === true) throw new Error('the controller has ended without a word');
    return JSON.parse(line.value) as T;
  }

  /** The next object that is meant. */
  async until<T extends object>(isMeant: (said: object) => boolean): Promise<T> {
    for (;;) {
      const said = await this.next<unknown>();
      if (typeof said === 'object' && said !== null && isMeant(said)) return said as T;
    }
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** Starts a context and detaches it; its controller has ended when this resolves. @param options `local`, or those of ssh as JSON */
export async function startAndLeave(options: string, leaseMs: number): Promise<Started> {
  await using controller = new Controller('start', options, String(leaseMs));
  const ended = once(controller.child, 'exit');
  const started = await controller.next<Started>();
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`the controller ended with ${String(code)}`);
  return started;
}

/** The secret inside of a token, and the socket. */
export function insideOf(token: string): { readonly path: string; readonly secret: string } {
  return JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1), 'base64url').toString()) as { path: string; secret: string };
}
