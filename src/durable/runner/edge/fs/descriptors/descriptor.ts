import { ResproutError, codeOf } from '../../../../../base/errors/errors.ts';
import { real } from '../real-fs.ts';
import { NativeFile } from './native-file.ts';
import { flagsAgain, isAppending } from './open-flags.ts';

/** What a descriptor is made of. */
export interface Opened {
  readonly number: number;
  /** Absolute. */
  readonly path: string | Buffer;
  readonly flags: number;
  /** Size at its opening, where appends are to come. */
  readonly size: number | undefined;
  /** The open file, when this process opened it. */
  readonly native: NativeFile | undefined;
}

/**
 * A descriptor of the program: a number of the session, a file and a place in it. A process that did not open the file opens it again at the
 * first use, as it is, and goes on where the program is.
 */
export class Descriptor {
  readonly number: number;
  readonly path: string | Buffer;
  readonly flags: number;
  /** Whether `close` was called. */
  isClosing = false;
  #native: NativeFile | undefined;
  /** Where the program is: moved by what it was told. */
  #position = 0;
  /** How much of the file the program must find when it opens it again. */
  #extent = 0;
  #size: number | undefined;

  constructor({ number, path, flags, size, native }: Opened) {
    this.number = number;
    this.path = path;
    this.flags = flags;
    this.#size = size;
    this.#native = native;
  }

  /** The program was told of bytes it read. */
  wasRead(at: number | bigint | null, count: number): void {
    const from = at === null ? this.#position : Number(at);
    if (at === null) this.#position += count;
    this.#extent = Math.max(this.#extent, from + count);
  }

  /** The program was told of bytes it wrote. */
  wasWritten(at: number | null, count: number): void {
    if (this.#size !== undefined) {
      this.#size += count;
      this.#position = this.#size;
      return;
    }
    const from = at ?? this.#position;
    if (at === null) this.#position += count;
    this.#extent = Math.max(this.#extent, from + count);
  }

  /** The program gave the file another size. */
  wasTruncated(length: number): void {
    this.#extent = Math.min(this.#extent, length);
    if (this.#size !== undefined) this.#size = length;
  }

  /** The open file. Outside of the session. @throws ResproutError LIVE_OBJECT_LOST */
  get native(): NativeFile {
    this.#native ??= this.#again();
    return this.#native;
  }

  /** The open file, if this process has one. */
  get opened(): NativeFile | undefined {
    return this.#native;
  }

  #again(): NativeFile {
    let fd: number;
    try {
      fd = real.openSync(this.path, flagsAgain(this.flags));
    } catch (error) {
      throw this.#lost(`it cannot be opened again: ${codeOf(error) ?? String(error)}`, error);
    }
    try {
      return new NativeFile(fd, this.#state(fd));
    } catch (error) {
      real.closeSync(fd);
      throw error;
    }
  }

  #state(fd: number): { readonly position: number; readonly size: number | undefined } | undefined {
    const found = real.fstatSync(fd);
    if (found.isCharacterDevice() || found.isDirectory()) return undefined;
    if (!found.isFile()) throw this.#lost('what was in it went with the process that had it open');
    const known = Math.max(this.#size ?? 0, this.#extent);
    if (found.size < known) throw this.#lost(`it has ${String(found.size)} bytes now, and the program had seen ${String(known)} of it`);
    return { position: this.#position, size: isAppending(this.flags) ? this.#size : undefined };
  }

  #lost(saw: string, cause?: unknown): ResproutError {
    const path = String(this.path);
    return new ResproutError(
      'LIVE_OBJECT_LOST',
      `the file ${path} was opened by an earlier process, and ${saw}`,
      {
        tried: `go on at byte ${String(this.#position)} of ${path}`,
        saw,
        kept: 'Everything recorded before it',
        do: 'Put the file back as it was and resume',
      },
      { cause },
    );
  }
}
