import type { Clock } from '../../../base/seams/clock.ts';

/** Waits for something, but no longer than `ms`. True when it came. The timer alone does not keep the process alive. */
export async function within(event: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => resolve(false), { background: true });
    event.then(
      () => {
        timer.clear();
        resolve(true);
      },
      (error: unknown) => {
        timer.clear();
        reject(error);
      },
    );
  });
}
