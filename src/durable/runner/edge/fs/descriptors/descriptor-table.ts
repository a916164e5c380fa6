// The descriptors of sessions. Their numbers are the session's own: the lowest free one from a base, given in the program's order, so a replay
// gives the same. They lie above what a process has open, so that one which gets to native code by mistake is no other file there.
import type { Session } from '../../../../replay/session/session-api.ts';
import { Descriptor, type Opened } from './descriptor.ts';

const FIRST = 100_000;

/** The descriptors of one session. */
export class DescriptorTable {
  readonly #byNumber = new Map<number, Descriptor>();

  /** A new descriptor, with the lowest free number. */
  add(opened: Omit<Opened, 'number'>): Descriptor {
    let number = FIRST;
    while (this.#byNumber.has(number)) number++;
    const made = new Descriptor({ ...opened, number });
    this.#byNumber.set(number, made);
    return made;
  }

  /** An open one. */
  get(number: unknown): Descriptor | undefined {
    const found = typeof number === 'number' ? this.#byNumber.get(number) : undefined;
    return found?.isClosing === true ? undefined : found;
  }

  /** Its number is free again. */
  free(number: number): void {
    this.#byNumber.delete(number);
  }

  /** Ends what this process has open. The numbers stay: code that outlives its session hears nothing, not that they are wrong. */
  closeAll(): void {
    for (const { opened } of this.#byNumber.values()) opened?.drop();
  }
}

const tables = new WeakMap<Session, DescriptorTable>();

/** The table of a session. Made by its first open, which gives it a place among the session's objects: its files go with the session. */
export function descriptorsOf(session: Session): DescriptorTable {
  const known = tables.get(session);
  if (known !== undefined) return known;
  const table = new DescriptorTable();
  tables.set(session, table);
  const object = session.world.conversation({
    shown: 'open files',
    half: { take: () => undefined, wake: () => undefined, dispose: () => table.closeAll() },
  });
  object.setRef(false);
  return table;
}

/** The number by which native code knows a descriptor of the session: for children that inherit it. Itself when it is none of the session. */
export function nativeNumber(session: Session | undefined, number: unknown): unknown {
  if (session === undefined) return number;
  const found = tables.get(session)?.get(number);
  return found === undefined ? number : found.native.fd;
}
