import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from '../globals/patch.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const pad = (value: number | string): string => String(value).padStart(2, '0');

/** A duration as the console writes it. */
export function consoleDuration(ms: number): string {
  if (ms < SECOND_MS) return `${String(Number(ms.toFixed(3)))}ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(3)}s`;
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const [seconds = '0', rest = '000'] = ((ms % MINUTE_MS) / SECOND_MS).toFixed(3).split('.');
  const head = hours === 0 ? String(minutes) : `${String(hours)}:${pad(minutes)}`;
  return `${head}:${pad(seconds)}.${rest} (${hours === 0 ? '' : 'h:m'}m:ss.mmm)`;
}

const timers = new WeakMap<Session, Map<string, number>>();

function timersOf(session: Session): Map<string, number> {
  const known = timers.get(session) ?? new Map<string, number>();
  timers.set(session, known);
  return known;
}

/** `console.time` and its kin read the session's clock, so that they print the same on replay. */
export function patchConsoleTime(patcher: Patcher): void {
  const { log, time, timeEnd, timeLog } = console;
  const show = (session: Session, label: string, name: string, data: readonly unknown[]): boolean => {
    const since = timersOf(session).get(label);
    if (since === undefined) {
      process.emitWarning(`No such label '${label}' for console.${name}()`);
      return false;
    }
    const ms = session.world.sinceStartMs() - since;
    log('%s: %s', label, consoleDuration(ms), ...data);
    return true;
  };
  patcher.replace(console, 'time', 'language', (label: unknown = 'default'): void => {
    const session = patcher.session();
    if (session === undefined) return time(label as string);
    const known = timersOf(session);
    if (known.has(`${label as string}`)) process.emitWarning(`Label '${label as string}' already exists for console.time()`);
    else known.set(`${label as string}`, session.world.sinceStartMs());
    return undefined;
  });
  patcher.replace(console, 'timeEnd', 'language', (label: unknown = 'default'): void => {
    const session = patcher.session();
    if (session === undefined) return timeEnd(label as string);
    if (show(session, `${label as string}`, 'timeEnd', [])) timersOf(session).delete(`${label as string}`);
    return undefined;
  });
  patcher.replace(console, 'timeLog', 'language', (label: unknown = 'default', ...data: unknown[]): void => {
    const session = patcher.session();
    if (session === undefined) return timeLog(label as string, ...data);
    show(session, `${label as string}`, 'timeLog', data);
    return undefined;
  });
}
