// spawn and fork of a session.
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Session } from '../../../replay/session/session-api.ts';
import { natives } from '../natives.ts';
import { PuppetChild } from './puppet-child.ts';
import { outsideOptions, shownArguments, spawnArguments, withStdio, type GivenOptions } from './spawn-options.ts';

type Start = (file: never, args: never, options: never) => ChildProcess;

const shownFile = (file: unknown): string => path.basename(String(file));

/** `timeout`, `killSignal` and `signal` of the options. */
export function limit(session: Session, child: PuppetChild, options: GivenOptions): void {
  const { timeout, signal } = options;
  const killSignal = options.killSignal ?? 'SIGTERM';
  if (typeof timeout === 'number' && timeout > 0) {
    const timer = session.world.timer(timeout);
    let isSet = true;
    timer.fired.then(
      () => {
        if (isSet) child.kill(killSignal);
        isSet = false;
      },
      () => undefined,
    );
    child.once('close', () => {
      if (isSet) timer.clear();
      isSet = false;
    });
  }
  if (signal === undefined) return;
  const onAbort = (): void => child.abort(killSignal, signal.reason);
  if (signal.aborted) {
    process.nextTick(onAbort);
    return;
  }
  signal.addEventListener('abort', onAbort, { once: true });
  child.once('exit', () => signal.removeEventListener('abort', onAbort));
}

/** Node checks these before it starts anything, and in its own words. */
export function checkLimits(options: unknown): GivenOptions {
  if (typeof options !== 'object' || options === null) return {};
  const given = options as GivenOptions;
  const { signal, timeout, killSignal } = given;
  const isUsual =
    (signal === undefined || signal instanceof AbortSignal) &&
    (timeout === undefined || timeout === null || (Number.isInteger(timeout) && timeout >= 0)) &&
    (killSignal === undefined || typeof killSignal === 'string' || typeof killSignal === 'number');
  // Only to be refused: this throws before a process is started.
  if (!isUsual) natives.spawn(process.execPath, [], { signal, timeout, killSignal } as object);
  return given;
}

/** `spawn` of a program. */
export function spawnPuppet(session: Session, file: unknown, given: unknown, rest: unknown): PuppetChild {
  const { args, options } = spawnArguments(given, rest);
  const limits = checkLimits(options);
  const outside = outsideOptions(session, options);
  const child = new PuppetChild(session, {
    fn: 'node:child_process.spawn',
    shown: `child process ${shownFile(file)}`,
    args: shownArguments(file, args, options),
    isDetached: limits.detached === true,
    start: () =>
      (natives.spawn as unknown as Start)(
        file as never,
        args as never,
        wrongOptions(options) ? (options as never) : (withStdio(session, outside) as never),
      ),
  });
  limit(session, child, limits);
  return child;
}

/** Options that are no object are Node's to refuse. */
const wrongOptions = (options: unknown): boolean => options !== undefined && options !== null && typeof options !== 'object';

/** `fork` of a program. Its own flags, not those of the process that runs the session. */
export function forkPuppet(session: Session, file: unknown, given: unknown, rest: unknown): PuppetChild {
  const { args, options } = spawnArguments(given, rest);
  const limits = checkLimits(options);
  const outside = { execArgv: [], ...outsideOptions(session, options) };
  const child = new PuppetChild(session, {
    fn: 'node:child_process.fork',
    shown: `child process ${shownFile(file)}`,
    args: shownArguments(file, args, options),
    isDetached: limits.detached === true,
    start: () => (natives.fork as unknown as Start)(file as never, args as never, withStdio(session, outside) as never),
  });
  limit(session, child, limits);
  return child;
}
