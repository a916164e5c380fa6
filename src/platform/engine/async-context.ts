import { AsyncLocalStorage } from 'node:async_hooks';
import type { AsyncContext } from '../../base/seams/async-context.ts';

/** A new context that follows the code of this process through awaits, ticks, timers and events. */
export function createAsyncContext<T>(): AsyncContext<T> {
  const storage = new AsyncLocalStorage<T | undefined>();
  return {
    current: () => storage.getStore(),
    run: (value, run) => storage.run(value, run),
    snapshot: () => AsyncLocalStorage.snapshot(),
  };
}
