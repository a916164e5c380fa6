import { AsyncLocalStorage } from 'node:async_hooks';
import type { AsyncContext } from '../../base/seams/async-context.ts';

interface Domain {
  enter(): void;
  exit(): void;
}

/** The domain that code is in, for programs that use node:domain: it follows hooks of Node, and what is called in a snapshot has none. */
function withDomain(enter: <R>(run: () => R) => R): <R>(run: () => R) => R {
  const domain = Reflect.get(process, 'domain') as Domain | null | undefined;
  if (domain === null || domain === undefined) return enter;
  return (run) =>
    enter(() => {
      domain.enter();
      const result = run();
      // After a throw it stays entered, as in Node: it is the one that is told.
      domain.exit();
      return result;
    });
}

/** A new context that follows the code of this process through awaits, ticks, timers and events. */
export function createAsyncContext<T>(): AsyncContext<T> {
  const storage = new AsyncLocalStorage<T | undefined>();
  return {
    current: () => storage.getStore(),
    run: (value, run) => storage.run(value, run),
    snapshot: () => withDomain(AsyncLocalStorage.snapshot()),
  };
}
