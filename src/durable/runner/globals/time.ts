import { syncBuiltinESMExports } from 'node:module';
import type { Patcher } from './patch.ts';
import { real } from './real.ts';

const NS_PER_MS = 1_000_000;

/** performance.now and process.hrtime: the session's time since its start. */
export function patchTime(patcher: Patcher): void {
  patcher.replace(Performance.prototype, 'now', 'language', () => patcher.world()?.sinceStartMs() ?? real.performanceNow());
  const hrtime = (since?: [number, number]): [number, number] => {
    const world = patcher.world();
    if (world === undefined) return real.hrtime(since);
    const ms = world.sinceStartMs();
    const now: [number, number] = [Math.floor(ms / 1000), Math.round((ms % 1000) * NS_PER_MS)];
    if (since === undefined) return now;
    const ns = now[1] - since[1];
    return ns < 0 ? [now[0] - since[0] - 1, ns + 1000 * NS_PER_MS] : [now[0] - since[0], ns];
  };
  const bigint = {
    bigint: (): bigint => {
      const world = patcher.world();
      return world === undefined ? real.hrtimeBigint() : BigInt(Math.round(world.sinceStartMs() * NS_PER_MS));
    },
  }.bigint;
  patcher.realm.kinds.mark(bigint, 'language');
  Object.defineProperty(hrtime, 'bigint', { value: bigint, writable: true, enumerable: true, configurable: true });
  patcher.replace(process, 'hrtime', 'language', hrtime);
  syncBuiltinESMExports();
}
