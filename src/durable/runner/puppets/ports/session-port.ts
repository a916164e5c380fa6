// A MessagePort whose two ends are in one program: messages are copied and come in turns of their own, so nothing of it is recorded.
import { MessagePort, markAsUncloneable } from 'node:worker_threads';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { cloneWithPorts, notePort, transferOf, type Cloned } from './clone.ts';

type Listener = (value: unknown) => void;
interface EventTargetClass {
  new (): EventTarget;
}

/** What MessagePort extends: an EventTarget with `on` and `off`. */
const PortBase = Object.getPrototypeOf(MessagePort) as EventTargetClass;

/** The end of a port's messages. */
const CLOSE = Symbol('close');

/** One end. */
export class SessionPort extends PortBase {
  readonly #session: Session;
  readonly #queue: (Cloned | typeof CLOSE)[] = [];
  readonly #nodeStyle = new Map<string, Map<Listener, (event: Event) => void>>();
  #peer: SessionPort | undefined;
  #holds: Conversation | undefined;
  #isStarted = false;
  #isScheduled = false;
  #isClosed = false;

  constructor(session: Session) {
    super();
    this.#session = session;
    markAsUncloneable(this);
    notePort(this);
  }

  /** Two ends of one channel. */
  static pair(session: Session): readonly [SessionPort, SessionPort] {
    const [one, two] = [new SessionPort(session), new SessionPort(session)];
    one.#peer = two;
    two.#peer = one;
    return [one, two];
  }

  /** Whether a value is one. */
  static is(value: unknown): value is SessionPort {
    return typeof value === 'object' && value !== null && #session in value;
  }

  postMessage(message: unknown, transfer?: unknown): void {
    const cloned = cloneWithPorts(message, transferOf(transfer), this);
    const peer = this.#peer;
    if (peer !== undefined) peer.#receive(cloned);
  }

  start(): void {
    this.#isStarted = true;
    this.#schedule();
  }

  close(callback?: () => void): void {
    if (callback !== undefined) this.addEventListener('close', callback, { once: true });
    if (this.#isClosed) return;
    const peer = this.#peer;
    this.#isClosed = true;
    this.#peer = undefined;
    this.#queue.length = 0;
    this.#session.world.immediate(() => this.#end());
    if (peer === undefined) return;
    peer.#peer = undefined;
    peer.#receive(CLOSE);
  }

  ref(): void {
    this.#hold(true);
  }

  unref(): void {
    this.#hold(false);
  }

  hasRef(): boolean {
    return this.#holds !== undefined;
  }

  /** The next message, taken without an event. */
  take(): { readonly message: unknown } | undefined {
    const next = this.#queue[0];
    if (next === undefined || next === CLOSE) return undefined;
    this.#queue.shift();
    return { message: next.data };
  }

  /** The port goes with a message: who gets it has another object for it. */
  move(): SessionPort {
    const moved = new SessionPort(this.#session);
    moved.#peer = this.#peer;
    if (this.#peer !== undefined) this.#peer.#peer = moved;
    moved.#queue.push(...this.#queue.splice(0));
    this.#peer = undefined;
    this.#isClosed = true;
    this.#hold(false);
    return moved;
  }

  // Listeners in the way of Node get the message itself.

  on(type: string, listener: Listener): this {
    return this.#listen(type, listener, false);
  }

  addListener(type: string, listener: Listener): this {
    return this.#listen(type, listener, false);
  }

  once(type: string, listener: Listener): this {
    return this.#listen(type, listener, true);
  }

  off(type: string, listener: Listener): this {
    const wrapped = this.#nodeStyle.get(type)?.get(listener);
    this.#nodeStyle.get(type)?.delete(listener);
    this.removeEventListener(type, wrapped ?? listener);
    return this;
  }

  removeListener(type: string, listener: Listener): this {
    return this.off(type, listener);
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...args);
    if (args[0] !== 'message') return;
    this.#hold(true);
    this.start();
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    super.removeEventListener(...args);
    if (args[0] === 'message' && this.#count('message') === 0) {
      this.#isStarted = false;
      this.#hold(false);
    }
  }

  #count(type: string): number {
    const count: unknown = Reflect.get(this, 'listenerCount');
    return typeof count === 'function' ? (Reflect.apply(count, this, [type]) as number) : 0;
  }

  #listen(type: string, listener: Listener, isOnce: boolean): this {
    const wrapped = (event: Event): void => {
      if (isOnce) this.off(type, listener);
      Reflect.apply(listener, this, [event instanceof MessageEvent ? event.data : event]);
    };
    const ofType = this.#nodeStyle.get(type) ?? new Map<Listener, (event: Event) => void>();
    this.#nodeStyle.set(type, ofType.set(listener, wrapped));
    this.addEventListener(type, wrapped);
    return this;
  }

  #receive(message: Cloned | typeof CLOSE): void {
    if (this.#isClosed) return;
    this.#queue.push(message);
    this.#schedule();
  }

  #schedule(): void {
    const [next] = this.#queue;
    if (this.#isScheduled || next === undefined || (!this.#isStarted && next !== CLOSE)) return;
    this.#isScheduled = true;
    this.#session.world.immediate(() => {
      this.#isScheduled = false;
      if (this.#isClosed || !(this.#isStarted || this.#queue[0] === CLOSE)) return;
      const message = this.#queue.shift();
      this.#schedule();
      if (message === CLOSE) this.#end();
      else if (message !== undefined)
        this.dispatchEvent(new MessageEvent('message', { data: message.data, ports: message.ports as unknown as never[] }));
    });
  }

  #end(): void {
    this.#isClosed = true;
    this.#hold(false);
    this.dispatchEvent(new Event('close'));
  }

  /** A port that is listened to keeps a program without an entry alive. */
  #hold(isHeld: boolean): void {
    if (isHeld === (this.#holds !== undefined) || (isHeld && this.#isClosed)) return;
    this.#holds?.over();
    const half = { take: (): void => undefined, wake: (): undefined => undefined };
    this.#holds = isHeld ? this.#session.world.conversation({ half, shown: 'message port' }) : undefined;
  }
}

// It is one of Node's: `instanceof`, `onmessage` and `onmessageerror`.
Object.setPrototypeOf(SessionPort.prototype, MessagePort.prototype);
Object.defineProperty(SessionPort.prototype, 'constructor', { value: MessagePort, writable: true, configurable: true, enumerable: false });
