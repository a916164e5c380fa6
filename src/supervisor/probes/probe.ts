// Questions to a unit, asked by the owner. A probe answers well by resolving; whatever it throws is the reason why not.
import { connect } from 'node:net';
import { ResproutError } from '../../base/errors/errors.ts';
import { startProcess } from '../../platform/process/spawner.ts';

/** One question, with its pace. */
export interface Probe {
  /** Asks once. Bound by `timeoutMs`: the signal fires then. */
  check(signal: AbortSignal): Promise<void>;
  /** Milliseconds between the end of a question and the next one. */
  readonly periodMs: number;
  /** Milliseconds that one question may take. */
  readonly timeoutMs: number;
}

/** Pace of a probe. */
export interface ProbePace {
  /** @default 250 */
  readonly periodMs?: number | undefined;
  /** @default 1000 */
  readonly timeoutMs?: number | undefined;
}

function probe(check: Probe['check'], { periodMs = 250, timeoutMs = 1000 }: ProbePace): Probe {
  return { check, periodMs, timeoutMs };
}

/** Asks a function of the owner: well when it resolves with anything but `false`. */
export function probeBy(ask: (signal: AbortSignal) => unknown, pace: ProbePace = {}): Probe {
  return probe(async (signal) => {
    if ((await ask(signal)) === false) throw new ResproutError('UNIT_LATE', 'the function answered false');
  }, pace);
}

/** Asks a server: well when its status is from 200 to 399. Redirections are not followed. */
export function probeHttp(url: string | URL, pace: ProbePace = {}): Probe {
  return probe(async (signal) => {
    const response = await fetch(url, { signal, redirect: 'manual' });
    await response.body?.cancel();
    if (response.status < 200 || response.status >= 400) throw new ResproutError('UNIT_LATE', `${String(url)} answered ${response.status}`);
  }, pace);
}

/** Runs a command of this machine: well when it ends with code 0. No shell is in between, and what it prints is dropped. */
export function probeCommand(command: readonly [string, ...string[]], pace: ProbePace = {}): Probe {
  const [file, ...args] = command;
  return probe(async (signal) => {
    const own = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    const child = await startProcess({ file, args, env: Object.fromEntries(own), stdio: ['null', 'null', 'null'] });
    const stop = (): void => child.signal('SIGKILL', 'group');
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const { code, signal: name } = await child.exited;
    signal.removeEventListener('abort', stop);
    if (code !== 0) throw new ResproutError('UNIT_LATE', `${file} ended with ${name ?? `code ${code ?? 'none'}`}`);
  }, pace);
}

/** Opens a connection to a port, or to the path of a socket, and closes it. */
export function probeTcp(to: { readonly port: number; readonly host?: string } | { readonly path: string }, pace: ProbePace = {}): Probe {
  return probe(
    (signal) =>
      new Promise((resolve, reject) => {
        const socket = connect('path' in to ? to : { host: '127.0.0.1', ...to });
        const stop = (): void => void socket.destroy(new Error('no connection in time'));
        signal.addEventListener('abort', stop, { once: true });
        socket.once('connect', () => socket.destroy());
        socket.once('error', reject);
        socket.once('close', (hadError) => {
          signal.removeEventListener('abort', stop);
          if (!hadError) resolve();
        });
      }),
    pace,
  );
}
