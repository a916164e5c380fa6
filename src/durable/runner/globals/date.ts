import { real } from './real.ts';
import type { Patcher } from './patch.ts';

type DateArguments = ConstructorParameters<DateConstructor> | [];

/**
 * Date: a function whose prototype IS Date.prototype, so that `instanceof`, `constructor`, subclasses, structuredClone and dates made by
 * packages all agree. Without arguments it shows the session's time.
 */
export function patchDate(patcher: Patcher): void {
  const { Date: RealDate } = real;
  const nowMs = (): number => patcher.world()?.nowMs() ?? RealDate.now();
  const patched = function (...args: DateArguments): string | Date {
    if (new.target === undefined) return new RealDate(nowMs()).toString();
    const given: unknown[] = args.length === 0 ? [nowMs()] : args;
    return Reflect.construct(RealDate, given, new.target === (patched as unknown) ? RealDate : new.target) as Date;
  };
  for (const key of ['parse', 'UTC'] as const) {
    const property = Object.getOwnPropertyDescriptor(RealDate, key);
    if (property !== undefined) Object.defineProperty(patched, key, property);
  }
  const now = { now: (): number => nowMs() }.now;
  patcher.realm.kinds.mark(now, 'language');
  Object.defineProperties(patched, {
    name: { value: 'Date', configurable: true },
    length: { value: 7, configurable: true },
    now: { value: now, writable: true, configurable: true },
    prototype: { value: RealDate.prototype },
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: patched, writable: true, configurable: true });
  patcher.realm.kinds.mark(patched, 'language');
  Object.defineProperty(globalThis, 'Date', { value: patched, writable: true, configurable: true });
}
