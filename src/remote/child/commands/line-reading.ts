// The lines of a command, as many at a time as have come. A reader that is slower than the command slows it down: its pipe fills up.
// Invariants:
//   L1. `return` ends the command at once, also while a step waits for a line that never comes.
//   L2. Of stderr the last bytes are kept, however much there is.
import { StringDecoder } from 'node:string_decoder';
import type { FarCommand } from './far-command.ts';
import type { CommandLinesEnd } from './order.ts';
import type { Output } from './output.ts';

/** Bytes of stderr that are kept for the error. */
const STDERR_BYTES = 65_536;

type Step = IteratorResult<readonly string[], CommandLinesEnd>;

/** Reads a command line by line. */
export class LineReading implements AsyncIterableIterator<readonly string[], CommandLinesEnd> {
  readonly #command: FarCommand;
  readonly #limitChars: number;
  readonly #release: () => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #stderr: Promise<string>;
  #rest = '';
  #isOver = false;

  /** @param limitBytes of one line */
  constructor(command: FarCommand, limitBytes: number, release: () => void) {
    this.#command = command;
    this.#limitChars = limitBytes;
    this.#release = release;
    this.#stderr = lastOf(command.stderr);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Step> {
    while (!this.#isOver) {
      const piece = await this.#command.stdout.next();
      const lines = (piece === undefined ? this.#decoder.end() : this.#decoder.write(piece as Buffer)).split('\n');
      lines[0] = this.#rest + (lines[0] ?? '');
      this.#rest = lines.pop() ?? '';
      if (piece === undefined) {
        this.#isOver = true;
        if (this.#rest !== '') lines.push(this.#rest);
      } else if (this.#rest.length > this.#limitChars) {
        this.#isOver = true;
        await this.#command.stop('output');
      }
      if (lines.length > 0) return { done: false, value: lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) };
    }
    return { done: true, value: await this.#end() };
  }

  async return(): Promise<Step> {
    this.#isOver = true;
    const stopped = this.#command.stop('stopped');
    this.#command.stdout.close();
    await stopped;
    return { done: true, value: await this.#end() };
  }

  async #end(): Promise<CommandLinesEnd> {
    const stderr = await this.#stderr;
    const end = await this.#command.end();
    this.#release();
    return { ...end, stderr };
  }
}

async function lastOf(output: Output): Promise<string> {
  let last = Buffer.alloc(0);
  for (let piece = await output.next(); piece !== undefined; piece = await output.next())
    last = Buffer.concat([last, piece]).subarray(-STDERR_BYTES);
  return last.toString();
}
