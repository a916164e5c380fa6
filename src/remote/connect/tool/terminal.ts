// A terminal for tools that ask nowhere else. Only its master is ours: whoever runs the tool unlocks it, takes it for its own and becomes the
// tool, so that no process stands between, and a controller that dies hangs the tool up. Stdin, stdout and stderr stay our pipes.
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { Clock, TimerHandle } from '../../../base/seams/clock.ts';
import { toError } from '../../../base/errors/errors.ts';

const POLL_MS = 10;
const PIECE_BYTES = 4096;

/** The numbers of TIOCSPTLCK and TIOCGPTN on Linux. */
const [UNLOCK, NUMBER] = ['0x40045431', '0x80045430'];

const PERL = `open M,"+<&=3";$z=pack("i",0);ioctl M,${UNLOCK},$z or die;ioctl M,${NUMBER},$z or die;sysopen S,"/dev/pts/".unpack("i",$z),2 or die;close M;exec @ARGV or die`;
const PYTHON = `import os,sys,fcntl as f,struct as s;f.ioctl(3,${UNLOCK},bytes(4));n=s.unpack("i",f.ioctl(3,${NUMBER},bytes(4)))[0];os.open("/dev/pts/%d"%n,2);os.close(3);os.execvp(sys.argv[1],sys.argv[1:])`;

/** Programs that give a tool its terminal, in the order in which they are tried: each with its words, which the tool's follow. Descriptor 3 is the master. */
export const TERMINAL_GIVERS: readonly { readonly file: string; readonly args: readonly string[] }[] = [
  { file: 'perl', args: ['-e', PERL] },
  { file: 'python3', args: ['-c', PYTHON] },
];

/** The controller's end of a terminal. */
export class Terminal {
  readonly fd: number;
  readonly #clock: Clock;
  #timer: TimerHandle | undefined;
  #isClosed = false;

  private constructor(fd: number, clock: Clock) {
    this.fd = fd;
    this.#clock = clock;
  }

  /** @throws the system's error where there is no /dev/ptmx, or no terminal is left */
  static open(clock: Clock): Terminal {
    return new Terminal(openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK), clock);
  }

  /** Gives what is shown there, until `quiet`. */
  read(handler: (bytes: Uint8Array) => void): void {
    this.#timer = this.#clock.after(POLL_MS, () => {
      const piece = Buffer.alloc(PIECE_BYTES);
      const count = this.#readSome(piece);
      if (count > 0) handler(piece.subarray(0, count));
      if (this.#timer !== undefined) this.read(handler);
    });
  }

  #readSome(piece: Uint8Array): number {
    try {
      return readSync(this.fd, piece, 0, piece.length, null);
    } catch (error) {
      // EAGAIN: nothing now. EIO: nobody holds the other end now.
      if (/^(EAGAIN|EIO)/.test(toError(error).message)) return 0;
      throw error;
    }
  }

  /** Types a text; nothing happens once it is closed. */
  type(text: string): void {
    if (!this.#isClosed) writeSync(this.fd, text);
  }

  /** Nothing is read any more; the tool keeps its terminal. */
  quiet(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }

  /** Hangs the tool up. Twice is fine. */
  close(): void {
    this.quiet();
    if (!this.#isClosed) closeSync(this.fd);
    this.#isClosed = true;
  }
}
