// The standard input of a session, over a kill: what the killed one has not read is there for the resumed one, as in a pipe of a shell.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';

export class StandardInput implements Disposable {
  /** For processes to inherit. */
  readonly fd: number;

  /** @param path a name that is free: the pipe is made there */
  constructor(path: string, text: string) {
    execFileSync('mkfifo', [path]);
    this.fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    writeSync(writer, text);
    closeSync(writer);
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}
