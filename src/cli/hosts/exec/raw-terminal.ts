// The terminal of the person while a far one is shown on it: keys go there as they are, ^C too.
import { spawnSync } from 'node:child_process';
import type { TerminalSize } from '../../../remote/exec/exec.ts';

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** Raw from here on; put back as it was at its end, at that of the process, and at the first signal that asks for it. Twice is fine. */
export function rawTerminal(stdin: NodeJS.ReadStream): Disposable {
  if (!stdin.isTTY || stdin.isRaw) return { [Symbol.dispose]: () => {} };
  const before = stty('-g').trim();
  const putBack = (): void => {
    for (const name of SIGNALS) process.off(name, putBack);
    process.off('exit', putBack);
    stdin.setRawMode(false);
    if (before !== '') stty(before);
  };
  process.on('exit', putBack);
  for (const name of SIGNALS) process.on(name, putBack);
  stdin.setRawMode(true);
  // Node still makes a return of each line end: what the far terminal has made of it already goes to this one as it is.
  stty('-opost');
  return { [Symbol.dispose]: putBack };
}

/** What Node cannot set. Nothing happens where there is no stty. */
function stty(mode: string): string {
  return spawnSync('stty', [mode], { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' }).stdout ?? '';
}

/** What is typed or piped in, as it comes, until `signal` fires. */
export async function* typed(stdin: NodeJS.ReadStream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stop = (): void => void stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of stdin) yield Buffer.from(piece as Uint8Array);
  } catch (error) {
    // It was destroyed because nobody reads it any more.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Sizes of a terminal, each time it changes, until `signal` fires. */
export async function* sizesOf(stdout: NodeJS.WriteStream, signal: AbortSignal): AsyncGenerator<TerminalSize> {
  let wake: () => void = () => {};
  const onChange = (): void => wake();
  stdout.on('resize', onChange);
  signal.addEventListener('abort', onChange, { once: true });
  let last = '';
  try {
    while (!signal.aborted) {
      const { columns, rows } = stdout;
      const isNew = `${columns} ${rows}` !== last && columns > 0 && rows > 0;
      last = `${columns} ${rows}`;
      const changed = new Promise<void>((resolve) => (wake = resolve));
      if (isNew) yield { columns, rows };
      else await changed;
    }
  } finally {
    stdout.off('resize', onChange);
    signal.removeEventListener('abort', onChange);
  }
}
