import { toError } from '../../base/errors/errors.ts';
import type { Keeper } from './child.ts';

/** Signals that end a program politely. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Keeps a program running until a signal comes or the supervisor or group ends by itself, then closes it. The handlers are taken away before it
 * resolves; a second signal ends this process as it would have without them.
 * @returns the signal; undefined when the supervisor ended by itself
 * @throws ResproutError why the supervisor gave up, UNIT_LEAKED
 */
export async function runUntilSignal(supervisor: Pick<Keeper, 'ended' | 'close'>): Promise<(typeof SIGNALS)[number] | undefined> {
  const came = Promise.withResolvers<(typeof SIGNALS)[number]>();
  const handlers = SIGNALS.map((name) => [name, () => came.resolve(name)] as const);
  for (const [name, handler] of handlers) process.once(name, handler);
  try {
    const first = await Promise.race([came.promise, supervisor.ended]);
    for (const [name, handler] of handlers) process.off(name, handler);
    await supervisor.close();
    if (typeof first === 'string') return first;
    if (first.error !== undefined) throw toError(first.error);
    return undefined;
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}
