// What a detached process prints: its descriptors must bear that nobody reads at their other end any more.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, rmSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { LineSplitter } from '../core/logs/line-splitter.ts';

/** The read end of what the core captures, where it does. */
const CAPTURED_FD = 5;

type Stream = 'stdout' | 'stderr';

/** Something that is read for as long as the process lives. */
interface Held {
  readonly stream: Stream;
  readonly fd: number;
}

/** The outputs of this process. */
export class Outputs {
  /** Where the controller leads them to; empty when it need not. */
  readonly pipes: readonly string[];
  readonly #held: readonly Held[];

  private constructor(held: readonly Held[], pipes: readonly string[]) {
    this.#held = held;
    this.pipes = pipes;
  }

  /** Pipes in the folder, one for each output. @throws the system's error */
  static make(folder: string): Outputs {
    const streams: readonly Stream[] = ['stdout', 'stderr'];
    const pipes = streams.map((stream) => join(folder, stream));
    execFileSync('mkfifo', ['-m', '600', ...pipes], { stdio: 'ignore' });
    // Written too: it has no end, and can be opened before anybody writes.
    const held = streams.map((stream, at) => ({ stream, fd: openSync(pipes[at] ?? '', constants.O_RDWR | constants.O_NONBLOCK) }));
    return new Outputs(held, pipes);
  }

  /** Those that there are: pipes get a reader that stays, files and devices need none. A text when one of them cannot go on. */
  static hold(): Outputs | string {
    const held: Held[] = [];
    for (const [fd, stream] of [
      [1, 'stdout'],
      [2, 'stderr'],
    ] as const) {
      const facts = factsOf(fd);
      if (facts?.isSocket() === true) return `its ${stream} is a socket of the program that started it`;
      if (facts?.isFIFO() !== true || isSame(facts, factsOf(CAPTURED_FD))) continue;
      try {
        held.push({ stream, fd: openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK) });
      } catch {
        return `its ${stream} is a pipe of the program that started it, and this system does not let it be kept open`;
      }
    }
    return new Outputs(held, []);
  }

  /** Nobody will read them. */
  release(): void {
    for (const { fd } of this.#held) closeSync(fd);
  }

  /** Reads them from now on. Who writes to pipes of ours has opened them: their names go. */
  read(onLine: (stream: Stream, line: string) => void): void {
    for (const path of this.pipes) rmSync(path, { force: true });
    for (const { fd, stream } of this.#held) {
      const lines = new LineSplitter((line) => onLine(stream, line));
      new Socket({ fd, readable: true, writable: false })
        .on('data', (bytes: Uint8Array) => lines.push(bytes))
        .on('error', () => lines.end());
    }
  }
}

function factsOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

function isSame(one: Stats, other: Stats | undefined): boolean {
  return other !== undefined && one.dev === other.dev && one.ino === other.ino;
}
