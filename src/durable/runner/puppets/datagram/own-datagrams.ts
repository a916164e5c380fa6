// Datagrams of a program to sockets of its own. What was on its way when the process died is gone with its sockets, and nobody else would send it
// again: a program that waits for it would wait for ever. So what had not arrived is sent once more, when all that listens is bound again.
import type { Session } from '../../../replay/session/session-api.ts';

/** One that was sent and has not been given to the program. */
interface Flying {
  readonly bytes: Uint8Array;
  readonly port: number;
  /** Sends it once more; undefined for one that this process sends. */
  readonly again: (() => void) | undefined;
}

const HERE = /^(?:localhost|127\..*|::1|0\.0\.0\.0|::)$/i;

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Those of one session, in the order in which they were sent. */
class OwnDatagrams {
  readonly #bound = new Set<number>();
  #flying: Flying[] = [];

  bound(port: number): void {
    this.#bound.add(port);
  }

  closed(port: number): void {
    this.#bound.delete(port);
    this.#flying = this.#flying.filter((one) => one.port !== port);
  }

  /** @param address as it was given: elsewhere, or to many, is not ours */
  sent(address: string | undefined, one: Flying): void {
    if ((address === undefined || HERE.test(address)) && this.#bound.has(one.port)) this.#flying.push(one);
  }

  arrived(port: number, bytes: Uint8Array): void {
    const at = this.#flying.findIndex((one) => one.port === port && isSame(one.bytes, bytes));
    if (at >= 0) this.#flying.splice(at, 1);
  }

  sendAgain(): void {
    for (const { again } of this.#flying) again?.();
  }
}

const known = new WeakMap<Session, OwnDatagrams>();

/** Those of a session. */
export function ownDatagrams(session: Session): OwnDatagrams {
  const own = known.get(session) ?? new OwnDatagrams();
  if (!known.has(session)) {
    known.set(session, own);
    session.world.whenAwake(() => own.sendAgain());
  }
  return own;
}
