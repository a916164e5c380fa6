// The ways in which a program ends itself, and signals that it sends.
import { received } from '../globals/received.ts';
import { constants } from 'node:os';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from '../globals/patch.ts';
import { real } from '../globals/real.ts';
import { listeningSession } from './events.ts';
import { processOf } from './session-process.ts';

/** Signals that do nothing to a process that does not listen; SIGUSR1 would open a debugger. */
const HARMLESS: ReadonlySet<string> = new Set(['SIGCHLD', 'SIGURG', 'SIGWINCH', 'SIGCONT', 'SIGUSR1', 'SIGPIPE']);
const SIGNAL_CODE = 128;

function patchExit(patcher: Patcher): void {
  // Its number of arguments counts: `process.exit()` leaves `process.exitCode` as it is.
  patcher.replace(process, 'exit', 'own', (...args: readonly (number | undefined)[]): never => {
    const owner = patcher.realm.owner();
    if (owner === undefined) return Reflect.apply(real.exit, process, args) as never;
    // Node checks the value where it is set.
    if (args.length > 0) process.exitCode = args[0];
    const scope = patcher.realm.context.current();
    return scope?.kind === 'activity' ? owner.exitFrom(scope.info, processOf(owner).exitCode ?? 0) : owner.exit();
  });
  patcher.replace(process, 'reallyExit', 'own', (code?: number): never => {
    const session = listeningSession(patcher);
    if (session === undefined) return Reflect.apply(real.reallyExit, process, [code]) as never;
    return session.stop(code ?? 0, `the program called process.reallyExit(${String(code)})`);
  });
  patcher.replace(process, 'abort', 'own', (): never => {
    if (patcher.realm.owner() === undefined) return real.abort.call(process);
    throw new ResproutError('SESSION_PROCESS_WIDE', 'process.abort() would end the process that keeps this session', {
      tried: 'process.abort()',
      do: 'End the program with process.exit or an error',
    });
  });
}

function signalOf(signal: unknown): { readonly name: string; readonly number: number } | undefined {
  const { signals } = constants;
  for (const [name, number] of Object.entries(signals)) if (name === signal || number === signal) return { name, number };
  return signal === undefined ? { name: 'SIGTERM', number: signals.SIGTERM } : undefined;
}

/** A signal to the program itself: given to its listeners in a turn of its own, as Node gives it. */
function toItself(session: Session, { name, number }: { readonly name: string; readonly number: number }): true {
  const { processEvents, world } = session;
  if (processEvents.count(name) > 0 && name !== 'SIGKILL' && name !== 'SIGSTOP') {
    world.immediate(() => processEvents.emit(name, name, number));
    return true;
  }
  if (HARMLESS.has(name)) return true;
  return session.stop(SIGNAL_CODE + number, `the program ended itself with ${name}`);
}

function patchKill(patcher: Patcher): void {
  patcher.replace(process, 'kill', 'own', (pid: number, signal?: string | number): true => {
    const session = patcher.session();
    if (session === undefined) return real.kill.call(process, pid, signal);
    const isItself = Number(pid) === process.pid || Number(pid) === real.pid;
    const known = signalOf(signal);
    if (isItself && signal === 0) return true;
    if (isItself && known !== undefined) return toItself(session, known);
    return session.world.callSync('node:process.kill', [pid, signal], signal !== 0, () => real.kill.call(process, pid, signal));
  });
}

/** Who takes errors before every listener of `uncaughtException`. */
function patchCapture(patcher: Patcher): void {
  patcher.replace(process, 'setUncaughtExceptionCaptureCallback', 'own', (take: ((error: unknown) => void) | null): void => {
    const session = listeningSession(patcher);
    if (session === undefined) return real.setCapture.call(process, take);
    const own = processOf(session);
    if (take !== null && typeof take !== 'function')
      throw Object.assign(new TypeError(`The "fn" argument must be of type function or null. Received ${received(take)}`), {
        code: 'ERR_INVALID_ARG_TYPE',
      });
    if (take !== null && own.capture !== undefined) {
      const text = '`process.setupUncaughtExceptionCapture()` was called while a capture callback was already active';
      throw Object.assign(new Error(text), { code: 'ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET' });
    }
    own.capture = take ?? undefined;
    return undefined;
  });
  patcher.replace(process, 'hasUncaughtExceptionCaptureCallback', 'own', (): boolean => {
    const session = listeningSession(patcher);
    return session === undefined ? real.hasCapture.call(process) : processOf(session).capture !== undefined;
  });
}

/** A program ends itself as in Node, and the process that runs it goes on to put the end into the journal. */
export function patchExits(patcher: Patcher): void {
  patchExit(patcher);
  patchKill(patcher);
  patchCapture(patcher);
}
