// Pipes of a child that was asked as one call and is used afterwards: what is written goes to it, and its output comes when it has ended.
import { Readable, Writable } from 'node:stream';

/** Pipes of one such child. */
export class LatePipes {
  readonly stdin: Writable;
  readonly stdout: Readable = new Readable({ read: () => undefined });
  readonly stderr: Readable = new Readable({ read: () => undefined });

  /** @param write sends bytes, or the end when there are none */
  constructor(write: (bytes: Buffer | undefined) => void) {
    this.stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        write(chunk);
        done();
      },
      final: (done) => {
        write(undefined);
        done();
      },
    });
  }

  /** The call has ended. */
  end(stdout: string | Buffer, stderr: string | Buffer): void {
    for (const [stream, text] of [
      [this.stdout, stdout],
      [this.stderr, stderr],
    ] as const) {
      if (text.length > 0) stream.push(text);
      stream.push(null);
    }
    this.stdin.destroy();
  }
}
