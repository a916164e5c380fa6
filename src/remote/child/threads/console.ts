import { format } from 'node:util';
import type { LogLevel } from '../../../base/seams/log.ts';

const METHODS: Readonly<Record<'debug' | 'log' | 'info' | 'warn' | 'error', LogLevel>> = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
};

/** Lets the levelled methods of the console go to the log of the context; the others print to stdout and stderr, which are captured. */
export function routeConsole(log: (level: LogLevel, text: string) => void): void {
  for (const [name, level] of Object.entries(METHODS)) {
    Object.defineProperty(console, name, {
      value: (...values: unknown[]) => log(level, format(...values)),
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
}

/** `process.stdout` to a pipe isn't synchronous on Linux: what was printed before `process.exit` would be lost. The pipe is always read. */
export function makeOutputBlocking(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle: handle } = stream as unknown as { _handle?: { setBlocking?: (on: boolean) => void } };
    handle?.setBlocking?.(true);
  }
}
