import type { Socket } from 'node:net';

/** Option `onread` of a socket. */
export interface OnRead {
  readonly buffer: Uint8Array | (() => Uint8Array);
  readonly callback: (this: Socket, bytes: number, buffer: Uint8Array) => unknown;
}

/** Gives data to a program in a buffer of its own. */
export class ReadInto {
  readonly #option: OnRead;

  constructor(option: OnRead) {
    this.#option = option;
  }

  static of(option: OnRead | null | undefined): ReadInto | undefined {
    return typeof option === 'object' && option !== null && typeof option.callback === 'function' ? new ReadInto(option) : undefined;
  }

  /** @returns whether the program wants more */
  take(socket: Socket, chunk: Uint8Array): boolean {
    const { buffer: given, callback } = this.#option;
    let isWanted = true;
    for (let at = 0; at < chunk.length;) {
      const buffer = typeof given === 'function' ? given() : given;
      const part = chunk.subarray(at, at + buffer.length);
      buffer.set(part);
      at += part.length;
      if (callback.call(socket, part.length, buffer) === false) isWanted = false;
    }
    if (!isWanted) socket.pause();
    return isWanted;
  }
}
