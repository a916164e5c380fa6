// What Node's execFile does with the child it has started: collects its output and says how it ended.
import type { Readable } from 'node:stream';

/** Options of exec and execFile that concern the output. */
export interface CollectOptions {
  readonly encoding?: string | null;
  readonly maxBuffer?: number;
  readonly killSignal?: NodeJS.Signals | number;
  readonly timeout?: number;
}

export type ExecCallback = (error: Error | null, stdout: string | Buffer, stderr: string | Buffer) => void;

/** A child as it is collected. */
export interface CollectedChild {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly killed: boolean;
  kill(signal?: NodeJS.Signals | number): boolean;
  addListener(name: 'close', take: (code?: number, signal?: string | null) => void): unknown;
  addListener(name: 'error', take: (error: Error) => void): unknown;
}

const DEFAULT_MAX_BUFFER = 1024 * 1024;

/** One of its outputs. */
class Output {
  readonly #chunks: (string | Buffer)[] = [];
  readonly #stream: Readable | null;
  #length = 0;

  constructor(stream: Readable | null, encoding: BufferEncoding | undefined, max: number, tooMuch: () => void) {
    this.#stream = stream;
    if (stream === null) return;
    if (encoding !== undefined) stream.setEncoding(encoding);
    stream.on('data', (chunk: string | Buffer) => {
      const as = stream.readableEncoding;
      const length = as === null || typeof chunk !== 'string' ? chunk.length : Buffer.byteLength(chunk, as);
      this.#length += length;
      if (this.#length <= max) this.#chunks.push(chunk);
      else {
        this.#chunks.push(chunk.slice(0, max - (this.#length - length)));
        tooMuch();
      }
    });
  }

  take(encoding: BufferEncoding | undefined): string | Buffer {
    if (encoding !== undefined || typeof this.#stream?.readableEncoding === 'string') return this.#chunks.join('');
    return Buffer.concat(this.#chunks as Buffer[]);
  }
}

/** Collects the output of a child. @param command as an error shows it @param after runs with the child's time limit, and gives the way to lift it */
export function collect(
  child: CollectedChild,
  command: string,
  options: CollectOptions,
  callback: ExecCallback | undefined,
  after: (ms: number, run: () => void) => () => void,
): void {
  const encoding =
    options.encoding !== 'buffer' && Buffer.isEncoding(options.encoding ?? '') ? (options.encoding as BufferEncoding) : undefined;
  const max = options.maxBuffer ?? DEFAULT_MAX_BUFFER;
  let failure: Error | undefined;
  let isOver = false;
  let wasKilled = false;
  let lift: (() => void) | undefined;
  const end = (code?: number | null, signal?: string | null): void => {
    if (isOver) return;
    isOver = true;
    lift?.();
    if (callback === undefined) return;
    const [out, err] = [stdout.take(encoding), stderr.take(encoding)];
    if (failure === undefined && code === 0 && (signal ?? null) === null) return callback(null, out, err);
    failure ??= Object.assign(new Error(`Command failed: ${command}\n${String(err)}`), { code, killed: child.killed || wasKilled, signal });
    callback(Object.assign(failure, { cmd: command }), out, err);
  };
  const stop = (): void => {
    child.stdout?.destroy();
    child.stderr?.destroy();
    wasKilled = true;
    child.kill(options.killSignal ?? 'SIGTERM');
  };
  const tooMuch = (name: string) => (): void => {
    failure = Object.assign(new RangeError(`${name} maxBuffer length exceeded`), { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' });
    stop();
  };
  const stdout = new Output(child.stdout, encoding, max, tooMuch('stdout'));
  const stderr = new Output(child.stderr, encoding, max, tooMuch('stderr'));
  if (options.timeout !== undefined && options.timeout > 0) lift = after(options.timeout, stop);
  child.addListener('close', end);
  child.addListener('error', (error) => {
    failure = error;
    child.stdout?.destroy();
    child.stderr?.destroy();
    end();
  });
}
