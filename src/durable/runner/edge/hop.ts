// Native work that is a function of its input, given to the program in its turn. Nothing of it is recorded but its place.
import type { Session } from '../../replay/session/session-api.ts';

type Callback = (...outcome: unknown[]) => void;

/** Work with a Node-style callback. What `start` throws at once is thrown here. */
export function hopBack(session: Session, start: (callback: Callback) => void, callback: Callback): void {
  session.world.hop<readonly unknown[]>(
    (done) => start((...outcome) => done(outcome)),
    (outcome) => callback(...outcome),
  );
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

async function outcomeOf(start: () => unknown): Promise<Outcome> {
  try {
    return { value: await start() };
  } catch (error) {
    return { error };
  }
}

/** Work that gives a promise. */
export function hopPromise(session: Session, start: () => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.world.hop<Outcome>(
      (done) => {
        void (async () => done(await outcomeOf(start)))();
      },
      (outcome) => ('error' in outcome ? reject(outcome.error as Error) : resolve(outcome.value)),
    );
  });
}
