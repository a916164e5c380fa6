import { spawn } from 'node:child_process';

const MOST_BYTES = 4096;

/** What came of a program that prints a key. */
export type KeyPrinted = { readonly text: string } | { readonly saw: string };

/**
 * Runs a program that prints a key, without a shell and without input; what it says of itself goes to stderr of this process. It is killed after a
 * time. Never rejects, and what it printed is in no error.
 */
export async function printedKey([file, ...args]: readonly [string, ...string[]], limitMs: number): Promise<KeyPrinted> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return await new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const limit = setTimeout(() => end({ saw: `it did not end within ${Math.round(limitMs / 1000)} s` }), limitMs);
    const end = (printed: KeyPrinted): void => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      child.stdout.destroy();
      resolve(printed);
    };
    child.stdout.on('data', (piece: Buffer) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MOST_BYTES) end({ saw: `it printed more than ${MOST_BYTES} bytes` });
    });
    child.on('error', (error) => end({ saw: error.message }));
    child.on('close', (code, signal) =>
      end(
        code === 0
          ? { text: Buffer.concat(pieces).toString() }
          : { saw: signal === null ? `it ended with exit code ${code ?? '?'}` : `it was ended by ${signal}` },
      ),
    );
  });
}
