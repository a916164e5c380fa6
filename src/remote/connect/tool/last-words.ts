import type { ByteSource, TransportLine } from '../method.ts';

const LINE_LIMIT_BYTES = 8192;
const KEPT_LINES = 20;

/** Cuts bytes into lines; a line over 8,192 bytes is cut there and its rest dropped. */
export class LineCutter {
  readonly #onLine: (text: string) => void;
  #held = Buffer.alloc(0);
  #isDropping = false;

  constructor(onLine: (text: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      const at = rest.indexOf(0x0a);
      const piece = at < 0 ? rest : rest.subarray(0, at);
      this.#hold(piece);
      if (at < 0) return;
      this.flush();
      rest = rest.subarray(at + 1);
    }
  }

  #hold(piece: Uint8Array): void {
    if (this.#isDropping) return;
    const room = LINE_LIMIT_BYTES - this.#held.length;
    this.#held = Buffer.concat([this.#held, piece.subarray(0, room)]);
    this.#isDropping = piece.length > room;
  }

  /** Hands out what is held, as at the end of a line. */
  flush(): void {
    const text = this.#held.toString('utf8').replace(/\r$/, '');
    this.#held = Buffer.alloc(0);
    this.#isDropping = false;
    if (text.length > 0) this.#onLine(text);
  }
}

/** Keeps the last lines of a transport, and hands each one on. */
export class LastWords {
  readonly #onLine: (line: TransportLine) => void;
  readonly #plain: (line: string) => string | undefined;
  readonly #lines: string[] = [];

  /** @param plain what is kept of a line; undefined = nothing */
  constructor(onLine: (line: TransportLine) => void, plain: (line: string) => string | undefined = (line) => line) {
    this.#onLine = onLine;
    this.#plain = plain;
  }

  /** A cutter whose lines are of `stream`. */
  cutter(stream: TransportLine['stream']): LineCutter {
    return new LineCutter((whole) => {
      const text = stream === 'transport' ? this.#plain(whole) : whole;
      if (text === undefined) return;
      this.#lines.push(text);
      if (this.#lines.length > KEPT_LINES) this.#lines.shift();
      this.#onLine({ stream, text });
    });
  }

  /** Reads a source to its end. Resolves then. @param tap sees the bytes too */
  read(source: ByteSource, stream: TransportLine['stream'], tap: (bytes: Uint8Array) => void = () => {}): Promise<void> {
    const cutter = this.cutter(stream);
    source.onData((bytes) => {
      cutter.push(bytes);
      tap(bytes);
    });
    return new Promise((resolve) =>
      source.onEnd(() => {
        cutter.flush();
        resolve();
      }),
    );
  }

  /** The lines kept, oldest first. */
  lines(): readonly string[] {
    return [...this.#lines];
  }
}
