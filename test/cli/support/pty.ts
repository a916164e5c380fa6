// A command in the foreground of a pseudo terminal, and what a person sees there.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { needs } from '../../support/needs.ts';
import { CLI, type Shop } from './cli.ts';
import { Screen } from './screen.ts';

const SCRIPT = fileURLToPath(new URL('run-on-terminal.py', import.meta.url));
const LIMIT_MS = 200_000;

/** For the option `skip` of a test. */
export const noPty: string | false = needs({ program: 'python3', debianPackage: 'python3' });

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Text of a shell that runs the command, `"$@"`, and perhaps something else in the same terminal. */
  readonly shell?: string;
}

export class Pty implements Disposable {
  readonly screen: Screen;
  /** Everything that the terminal got. */
  raw = '';
  /** Exit code; 128 and the number after a signal. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  readonly #waits = new Set<() => void>();
  #isOver = false;
  #rest = '';

  constructor(shop: Shop, args: readonly string[], { columns = 100, rows = 30, env, shell }: PtyOptions = {}) {
    this.screen = new Screen(columns, rows);
    const before = shell === undefined ? [] : ['sh', '-c', shell, 'sh'];
    this.#child = spawn('python3', [SCRIPT, String(columns), String(rows), ...before, process.execPath, CLI, ...args], {
      cwd: shop.folder,
      env: shop.env({ TERM: 'xterm-256color', ...env }),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), LIMIT_MS);
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#take(text);
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        clearTimeout(limit);
        this.#isOver = true;
        this.#wake();
        resolve(code ?? -1);
      });
    });
  }

  /** Types: `\u0003` is ^C. */
  keys(keys: string): void {
    this.#tell({ keys });
  }

  resize(columns: number, rows: number): void {
    this.#tell({ columns, rows });
  }

  /** The terminal goes away: SIGHUP. */
  hangUp(): void {
    this.#tell({ hangup: true });
  }

  /** Waits until the terminal has got this text at any time. */
  async until(text: string): Promise<void> {
    await this.#waitFor(() => this.raw.includes(text), text);
  }

  /** Waits until the screen shows something like this. */
  async untilScreen(text: RegExp): Promise<void> {
    await this.#waitFor(() => text.test(this.screen.text), text);
  }

  async #waitFor(seen: () => boolean, text: string | RegExp): Promise<void> {
    while (!seen()) {
      if (this.#isOver) throw new Error(`the command ended without ${String(text)}:\n${this.screen.text}`);
      await new Promise<void>((resolve) => this.#waits.add(resolve));
    }
  }

  /** Bytes of the command, and marks of the terminal where its size changed. */
  #take(piece: string): void {
    const all = this.#rest + piece;
    const open = all.lastIndexOf('\0');
    const isWhole = open < 0 || all.includes('\n', open);
    this.#rest = isWhole ? '' : all.slice(open);
    const [first = '', ...others] = (isWhole ? all : all.slice(0, open)).split('\0');
    this.#write(first);
    for (const other of others) {
      const end = other.indexOf('\n');
      this.screen.resize(Number(other.slice('resized '.length, end)));
      this.#write(other.slice(end + 1));
    }
  }

  #write(text: string): void {
    this.raw += text;
    this.screen.write(text);
  }

  #tell(order: object): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #wake(): void {
    for (const wake of this.#waits) wake();
    this.#waits.clear();
  }

  [Symbol.dispose](): void {
    if (!this.#isOver) this.#child.kill('SIGKILL');
  }
}
