import { Duplex } from 'node:stream';

/** What a socket tells of its other end. */
export interface SocketFacts {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly remoteFamily?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/**
 * The connection on which Node's own ClientRequest runs: it opens nothing. What is written to it is kept for `onBytes`, what is pushed into it
 * is the answer. It has what clients ask of a socket: facts, and a timeout that is a timer of the program.
 */
export class MemorySocket extends Duplex {
  readonly encrypted: boolean;
  readonly authorized: boolean;
  readonly connecting = false;
  readonly pending = false;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  remoteFamily: string | undefined;
  localAddress: string | undefined;
  localPort: number | undefined;
  timeout = 0;
  bytesRead = 0;
  bytesWritten = 0;
  /** Told when the other side may go on. */
  onWanted: (() => void) | undefined;
  readonly #onBytes: (bytes: Buffer) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param encrypted what the program sees of the scheme */
  constructor(encrypted: boolean, onBytes: (bytes: Buffer) => void) {
    super({ allowHalfOpen: true });
    this.encrypted = encrypted;
    this.authorized = encrypted;
    this.#onBytes = onBytes;
  }

  get readyState(): string {
    return this.destroyed ? 'closed' : 'open';
  }

  override _read(): void {
    this.onWanted?.();
  }

  /** Takes what comes from the other side. */
  receive(bytes: Buffer): void {
    if (this.destroyed || bytes.length === 0) return;
    this.bytesRead += bytes.length;
    this.push(bytes);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length;
    this.#onBytes(chunk);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }

  /** Takes over what was seen of the real connection. */
  learn(facts: SocketFacts): void {
    this.remoteAddress = facts.remoteAddress;
    this.remotePort = facts.remotePort;
    this.remoteFamily = facts.remoteFamily;
    this.localAddress = facts.localAddress;
    this.localPort = facts.localPort;
  }

  /** @param ms 0 takes the timeout back */
  setTimeout(ms: number, listener?: () => void): this {
    this.timeout = ms;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (ms > 0) {
      this.#timer = setTimeout(() => this.emit('timeout'), ms);
      if (listener !== undefined) this.once('timeout', listener);
    } else if (listener !== undefined) this.removeListener('timeout', listener);
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  address(): object {
    return this.localAddress === undefined ? {} : { address: this.localAddress, port: this.localPort, family: this.remoteFamily };
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  getPeerCertificate(): object {
    return {};
  }

  getProtocol(): string | null {
    return null;
  }
}
