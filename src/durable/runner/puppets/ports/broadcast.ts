import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { Session } from '../../../replay/session/session-api.ts';

/** The open channels of each session by their names. */
const open = new WeakMap<Session, Map<string, Set<BroadcastHalf>>>();

function channelsOf(session: Session, name: string): Set<BroadcastHalf> {
  const ofSession = open.get(session) ?? new Map<string, Set<BroadcastHalf>>();
  open.set(session, ofSession);
  const channels = ofSession.get(name) ?? new Set<BroadcastHalf>();
  ofSession.set(name, channels);
  return channels;
}

/** A BroadcastChannel of a program: it reaches the others of the same program. */
export class BroadcastHalf {
  readonly #session: Session;
  readonly #shell: EventTarget;
  readonly #name: string;
  readonly #holds: Conversation;

  /** @throws TypeError without a name, as Node does */
  constructor(session: Session, shell: EventTarget, args: readonly unknown[]) {
    if (args.length === 0) throw Object.assign(new TypeError('The "name" argument must be specified'), { code: 'ERR_MISSING_ARGS' });
    this.#session = session;
    this.#shell = shell;
    this.#name = String(args[0]);
    this.#holds = session.world.conversation({
      half: { take: () => undefined, wake: () => undefined },
      shown: `broadcast channel ${this.#name}`,
    });
    channelsOf(session, this.#name).add(this);
  }

  get name(): string {
    return this.#name;
  }

  close(): void {
    channelsOf(this.#session, this.#name).delete(this);
    this.#holds.over();
  }

  postMessage(message: unknown): void {
    const channels = channelsOf(this.#session, this.#name);
    if (!channels.has(this)) throw new DOMException('BroadcastChannel is closed.', 'InvalidStateError');
    for (const other of channels)
      if (other !== this) {
        const data: unknown = structuredClone(message);
        this.#session.world.immediate(() => {
          if (channels.has(other)) other.#shell.dispatchEvent(new MessageEvent('message', { data }));
        });
      }
  }

  ref(): this {
    this.#holds.setRef(true);
    return this;
  }

  unref(): this {
    this.#holds.setRef(false);
    return this;
  }
}
