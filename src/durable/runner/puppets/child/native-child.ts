// The half outside of a child process: what Node's own object says of it.
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { serialize } from 'node:v8';
import { NativeStream } from '../socket/native-stream.ts';

/** What can be read of a child as soon as it is there. */
export interface ChildFacts {
  readonly pid: number | undefined;
  readonly spawnfile: string;
  readonly spawnargs: readonly string[];
  readonly stdio: readonly StdioFacts[];
  readonly hasIpc: boolean;
}

/** Shape of one of its pipes; null: there is none. */
export type StdioFacts = { readonly readable: boolean; readonly writable: boolean } | null;

/** A native child. */
export class NativeChild {
  readonly native: ChildProcess;
  readonly streams: readonly (NativeStream | undefined)[];

  /** @param arrive gets its events */
  constructor(native: ChildProcess, arrive: (name: string, value?: unknown) => void) {
    this.native = native;
    this.streams = [...(native.stdio as readonly (Socket | null | undefined)[])].map((stream) =>
      stream === null || stream === undefined ? undefined : new NativeStream(stream),
    );
    native.on('error', (error) => arrive('error', { error, exitCode: native.exitCode }));
    native.on('exit', (code, signal) => arrive('exit', [code, signal]));
    native.on('message', (message) => arrive('message', serialize(message)));
    native.on('disconnect', () => arrive('disconnect'));
  }

  get facts(): ChildFacts {
    const { native } = this;
    return {
      pid: native.pid,
      spawnfile: native.spawnfile,
      spawnargs: native.spawnargs ?? [],
      stdio: this.streams.map((stream) =>
        stream === undefined ? null : { readable: stream.native.readable, writable: stream.native.writable },
      ),
      hasIpc: typeof Reflect.get(native, 'send') === 'function',
    };
  }

  kill(signal: NodeJS.Signals | number | undefined): void {
    this.native.kill(signal);
  }

  send(message: unknown): void {
    if (this.native.connected) this.native.send(message as object, () => undefined);
  }

  disconnect(): void {
    if (this.native.connected) this.native.disconnect();
  }

  /** The session is over. */
  destroy(): void {
    this.native.removeAllListeners('error').on('error', () => undefined);
    for (const stream of this.streams) stream?.destroy();
    if (this.native.exitCode === null && this.native.signalCode === null && this.native.pid !== undefined) this.native.kill('SIGKILL');
  }
}
