// What the user sees while something is prepared: one line a step, on stderr.
// 1. Nothing is printed on the fast path: a step begins only when there is work. A terminal sees nothing of a step's first 300 ms.
// 2. On a terminal the line of the running step is rewritten, at most five times a second; elsewhere one line per change.
// 3. A line that was printed for good is never wrong later.
import type { Style } from './style.ts';

const REPAINT_MS = 200;
const SILENT_MS = 300;
const STILL_MS = 10_000;

/** A running step. Exactly one of `done` and `failed` ends it. */
export interface Step {
  /** Says what happens now; `bytes` is asked at every repaint. */
  now(text: string, bytes?: () => number): void;
  done(text: string): void;
  failed(): void;
}

/** Starts steps and prints single lines. */
export interface Progress {
  step(name: string): Step;
  line(text: string): void;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)}s`;

/** Bytes for people: `0.4 MB`, `52.1 MB`. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const monotonicMs = (): number => Number(process.hrtime.bigint() / BigInt(1e6));

/** Progress on a stream. `quiet`: nothing at all. `columns`: width of the terminal. */
export function progressOn(write: (text: string) => void, style: Style, quiet: boolean, columns: () => number): Progress {
  const began = monotonicMs();
  if (quiet) return { step: () => ({ now: () => undefined, done: () => undefined, failed: () => undefined }), line: () => undefined };
  const stamped = (text: string): string => (style.live ? text : `+${seconds(monotonicMs() - began)} ${text}`);

  const step = (name: string): Step => {
    const start = monotonicMs();
    let text = '';
    let bytes: (() => number) | undefined;
    let timer: NodeJS.Timeout | undefined;
    const facts = (): string => {
      const count = bytes?.() ?? 0;
      return count === 0 ? text : `${text}, ${megabytes(count)}`;
    };
    const repaint = (): void => {
      const tookMs = monotonicMs() - start;
      if (style.live && tookMs < SILENT_MS) return;
      const took = seconds(tookMs);
      // A longer line would wrap, and only its last part would be rewritten.
      if (style.live)
        write(`\r\u001b[K${style.busy} ${name.padEnd(14)} ${facts().slice(0, Math.max(20, columns() - 28))}  ${style.dim(took)}`);
      else write(`${stamped(`${name}: still ${facts()}, ${took} so far`)}\n`);
    };
    const stop = (): void => {
      if (timer !== undefined) clearInterval(timer);
      if (style.live) write('\r\u001b[K');
    };
    return {
      now(nowText, nowBytes) {
        text = nowText;
        bytes = nowBytes;
        if (style.live) repaint();
        else write(`${stamped(`${name}: ${text}`)}\n`);
        timer ??= setInterval(repaint, style.live ? REPAINT_MS : STILL_MS);
        timer.unref();
      },
      done(doneText) {
        stop();
        const took = seconds(monotonicMs() - start);
        if (style.live) write(`${style.green(style.done)} ${name.padEnd(14)} ${doneText}  ${style.dim(took)}\n`);
        else write(`${stamped(`${name}: ${doneText}, ${took}`)}\n`);
      },
      failed() {
        stop();
        if (style.live) write(`${style.red(style.failed)} ${name.padEnd(14)} ${text}  ${style.dim(seconds(monotonicMs() - start))}\n`);
      },
    };
  };
  return { step, line: (text) => write(`${style.live ? '\r\u001b[K' : ''}${stamped(text)}\n`) };
}
