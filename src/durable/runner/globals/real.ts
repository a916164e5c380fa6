// The originals of this process, taken when this file loads: before anything is patched and before any user code.
// The files of platform/ that keep originals are loaded here, so that they do it before too, whoever imports them later.
import '../../../platform/time/after-microtasks.ts';
import '../../../platform/time/clock.ts';
import '../../../platform/engine/node-crypto.ts';
import '../../../platform/engine/node-require.ts';
import '../../../platform/random.ts';
import '../../../platform/time/turn.ts';
import timersPromises from 'node:timers/promises';

/** Everything that is patched, as it was. */
export interface RealGlobals {
  readonly Date: DateConstructor;
  /** Proxies that it makes are of their own kind, not of the kind of their target. */
  readonly Proxy: ProxyConstructor;
  readonly random: () => number;
  readonly fetch: typeof fetch;
  readonly setTimeout: typeof setTimeout;
  readonly clearTimeout: typeof clearTimeout;
  readonly setInterval: typeof setInterval;
  readonly clearInterval: typeof clearInterval;
  readonly setImmediate: typeof setImmediate;
  readonly clearImmediate: typeof clearImmediate;
  readonly performanceNow: () => number;
  readonly hrtime: typeof process.hrtime;
  readonly hrtimeBigint: () => bigint;
  readonly abortTimeout: typeof AbortSignal.timeout;
  readonly exit: typeof process.exit;
  readonly reallyExit: (code?: number) => never;
  readonly abort: typeof process.abort;
  readonly kill: typeof process.kill;
  readonly pid: number;
  readonly env: NodeJS.ProcessEnv;
  readonly setCapture: typeof process.setUncaughtExceptionCaptureCallback;
  readonly hasCapture: typeof process.hasUncaughtExceptionCaptureCallback;
  /** The process's own stdout or stderr, which is opened when it is first asked for. */
  readonly output: (fd: 1 | 2) => NodeJS.WriteStream;
  readonly stdin: () => NodeJS.ReadStream;
  readonly cwd: typeof process.cwd;
  readonly chdir: typeof process.chdir;
  readonly promises: Pick<typeof timersPromises, 'setTimeout' | 'setImmediate' | 'setInterval'>;
}

function getter(name: 'stdout' | 'stderr' | 'stdin'): () => unknown {
  const property = Object.getOwnPropertyDescriptor(process, name);
  return (): unknown => (property?.get === undefined ? property?.value : Reflect.apply(property.get, process, []));
}

const stdout = getter('stdout');
const stderr = getter('stderr');
const stdin = getter('stdin');

/** The originals. */
export const real: RealGlobals = {
  Date,
  Proxy,
  random: Math.random,
  fetch,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
  performanceNow: performance.now.bind(performance),
  hrtime: process.hrtime,
  hrtimeBigint: process.hrtime.bigint,
  abortTimeout: AbortSignal.timeout,
  exit: process.exit,
  reallyExit: Reflect.get(process, 'reallyExit') as (code?: number) => never,
  abort: process.abort,
  kill: process.kill,
  pid: process.pid,
  env: process.env,
  setCapture: process.setUncaughtExceptionCaptureCallback,
  hasCapture: process.hasUncaughtExceptionCaptureCallback,
  output: (fd) => (fd === 1 ? stdout() : stderr()) as NodeJS.WriteStream,
  stdin: () => stdin() as NodeJS.ReadStream,
  cwd: process.cwd,
  chdir: process.chdir,
  promises: {
    setTimeout: timersPromises.setTimeout,
    setImmediate: timersPromises.setImmediate,
    setInterval: timersPromises.setInterval,
  },
};
