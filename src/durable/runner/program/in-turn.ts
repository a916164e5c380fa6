import type { Session } from '../../replay/session/session-api.ts';

/** Runs something of the program in a turn of its own. What it throws ends the program there, before its ticks, or a handler of it takes it. */
export function inTurn<T>(session: Session, run: () => T): Promise<T | undefined> {
  return new Promise((resolve) => {
    session.world.immediate(() => {
      try {
        resolve(run());
      } catch (error) {
        session.crash(error);
        resolve(undefined);
      }
    });
  });
}
