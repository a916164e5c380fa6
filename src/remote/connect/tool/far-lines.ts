import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { MarkerScanner, type MarkerLine } from '../start/marker.ts';
import type { LineCutter } from './last-words.ts';

/** What the far side says before there are frames: lines behind a mark, and now and then bytes behind a line. */
export class FarLines {
  readonly #stdout: Readable;
  readonly #mark: string;
  readonly #noise: LineCutter;
  #scanner: MarkerScanner | undefined;

  /** @param noise gets what is no line of ours */
  constructor(stdout: Readable, mark: string, noise: LineCutter) {
    this.#stdout = stdout;
    this.#mark = mark;
    this.#noise = noise;
    stdout.once('end', () => {
      if (this.#scanner !== undefined) noise.push(this.#scanner.end());
      noise.flush();
    });
  }

  /** The next line; what follows it goes back into the stream. Never resolves when the stream ends before. */
  next(): Promise<MarkerLine> {
    const scanner = new MarkerScanner(this.#mark);
    this.#scanner = scanner;
    return this.#read((piece) => {
      const { line, noise, rest } = scanner.push(piece);
      this.#noise.push(noise);
      if (line === undefined) return undefined;
      this.#scanner = undefined;
      this.#noise.flush();
      return { value: line, rest: rest ?? new Uint8Array(0) };
    });
  }

  /** SHA-256 of the next so many bytes. */
  hash(count: number): Promise<string> {
    const hash = createHash('sha256');
    let left = count;
    return this.#read((piece) => {
      const part = piece.subarray(0, left);
      hash.update(part);
      left -= part.length;
      return left > 0 ? undefined : { value: hash.digest('hex'), rest: piece.subarray(part.length) };
    });
  }

  /** Hands pieces over until one gives a value. */
  #read<T>(take: (piece: Uint8Array) => { readonly value: T; readonly rest: Uint8Array } | undefined): Promise<T> {
    const stdout = this.#stdout;
    return new Promise((resolve) => {
      const onData = (piece: Uint8Array): void => {
        const taken = take(piece);
        if (taken === undefined) return;
        stdout.off('data', onData);
        stdout.pause();
        if (taken.rest.length > 0) stdout.unshift(taken.rest);
        resolve(taken.value);
      };
      stdout.on('data', onData);
      stdout.resume();
    });
  }
}
