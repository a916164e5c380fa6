// What joins the program's half of a stream to the one outside: one conversation.
// 1. What the program writes leaves as one effect for all that was corked. It is acknowledged at once while little is unacknowledged, else when Node has
//    taken it.
// 2. After a crash a connection that is still on its way is made again; one that stood is lost. Of a child's pipes those that had ended, or that
//    nobody reads, just close.
import type { Duplex } from 'node:stream';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../../replay/objects/local-half.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { outside } from '../here.ts';
import { IdleTimer } from './idle-timer.ts';
import type { NativeStream, StreamSink } from './native-stream.ts';

/** Bytes that the program may have written before it waits for Node to take them. */
const WRITE_CREDIT_BYTES = 64 * 1024;

type Done = (error?: Error | null) => void;

/** What an edge asks of the program's half. */
export interface EdgeOwner {
  /** An event that the edge does not know what to do with. */
  onEvent(name: string, value: unknown): void;
  /** Its process went before it was over. */
  onLost(heard: number): void;
  /** Whether anybody would notice that its data does not come any more. */
  readonly isHeeded: boolean;
}

/** What the stream is. */
export type EdgeKind =
  /** A connection. */
  | 'connection'
  /** A pipe of a child that the program reads. */
  | 'output'
  /** A pipe of a child that the program only writes to. */
  | 'input'
  /** One of the streams of a connection, which keeps the program alive for them. */
  | 'stream';

/** One stream of a session. */
export class SocketEdge implements LocalHalf, StreamSink {
  readonly kind: EdgeKind;
  readonly conversation: Conversation;
  readonly timer: IdleTimer;
  /** Another one, of who follows it. */
  late: IdleTimer | undefined;
  state: 'new' | 'connecting' | 'open' | 'over' = 'new';
  /** The half outside, when this process has it. */
  half: NativeStream<Duplex> | undefined;
  bytesRead = 0;
  bytesWritten = 0;
  isRef: boolean;
  /** The program has written its last. */
  isClosing = false;
  readonly #owner: EdgeOwner;
  readonly #tuning = new Map<string, readonly unknown[]>();
  #opener: (() => NativeStream<Duplex>) | undefined;
  #mayAgain = (): boolean => true;
  #isOpening = false;
  #heard = 0;
  #given = 0;
  #unacknowledged = 0;
  #written: Done | undefined;
  #final: Done | undefined;
  #wants = false;
  #isTakenOver = false;

  constructor(session: Session, kind: EdgeKind, owner: EdgeOwner, shown: string) {
    this.kind = kind;
    this.#owner = owner;
    this.conversation = session.world.conversation({ half: this, shown, isPart: kind !== 'connection' });
    this.timer = new IdleTimer(!session.replaying, (turn) => this.conversation.arrive('timeout', turn));
    this.isRef = kind !== 'stream';
    if (kind === 'connection' || kind === 'stream') this.conversation.setRef(false);
  }

  /** It stands already: a pipe of a child, an accepted connection. */
  stands(half: NativeStream<Duplex> | undefined): void {
    this.state = 'open';
    this.conversation.setRef(this.isRef);
    if (half !== undefined) this.attach(half);
  }

  /** Connects. @param opener makes the half outside @param mayAgain whether it may do so anew after a crash */
  connect(fn: string, args: readonly unknown[], opener: () => NativeStream<Duplex>, mayAgain = (): boolean => true): void {
    this.state = 'connecting';
    this.conversation.setRef(this.isRef);
    this.#opener = opener;
    this.#mayAgain = mayAgain;
    this.#isOpening = this.conversation.open(fn, args, () => {
      this.#isOpening = false;
      if (this.state !== 'over') this.#make(opener, (error) => this.arrive('error', { error, notes: [] }));
    });
  }

  #make(opener: () => NativeStream<Duplex>, failed: (error: unknown) => void): void {
    try {
      this.attach(opener());
    } catch (error) {
      failed(error);
    }
  }

  attach(half: NativeStream<Duplex>): void {
    this.half = half.attach(this);
    for (const [name, args] of this.#tuning) this.#tune(name, args);
    if (this.#wants) half.ask(this.#takeGiven());
  }

  // Of the half outside.

  arrive(name: string, value?: unknown): void {
    this.conversation.arrive(name, value);
  }

  arriveData(name: string, chunk: Uint8Array): number {
    return this.conversation.arriveData(name, chunk);
  }

  // Of the session.

  take(name: string, value: unknown): void {
    this.#heard++;
    if (this.state === 'over') return;
    switch (name) {
      case 'data':
        return this.#takeData(value);
      case 'drain':
        return this.#answerWrite();
      case 'final':
        return this.#answerFinal();
      case 'timeout':
        return this.timer.isDue(value) ? this.#owner.onEvent(name, undefined) : undefined;
      case 'connect':
        this.state = 'open';
        return this.#owner.onEvent(name, value);
      case 'error':
        this.state = 'over';
        return this.#owner.onEvent(name, value);
      case 'close':
        this.state = 'over';
        this.#owner.onEvent(name, value);
        return this.#answerAll();
      case 'lost':
        this.state = 'over';
        this.#owner.onLost(this.#heard - 1);
        return this.#answerAll();
      default:
        return this.#owner.onEvent(name, value);
    }
  }

  #takeData(value: unknown): void {
    if (!(value instanceof Uint8Array)) return;
    this.half?.given(value.length);
    if (this.#isTakenOver) return;
    this.bytesRead += value.length;
    this.#given += value.length;
    this.timer.refresh();
    this.#wants = false;
    this.#owner.onEvent('data', value);
  }

  #answerWrite(): void {
    this.#unacknowledged = 0;
    const done = this.#written;
    this.#written = undefined;
    done?.();
  }

  #answerFinal(): void {
    const done = this.#final;
    this.#final = undefined;
    done?.();
  }

  /** What is still owed was a formality: nothing of it can be known any more. */
  #answerAll(): void {
    this.#answerWrite();
    this.#answerFinal();
  }

  wake(): undefined {
    this.timer.wake();
    if (this.state === 'over' || this.state === 'new' || this.half !== undefined || this.#isOpening) return;
    if (this.state === 'connecting' && this.#opener !== undefined && this.#mayAgain()) {
      this.#make(this.#opener, () => this.arrive('lost'));
      return;
    }
    const isSilent = this.kind === 'input' || (this.kind === 'output' && !this.#owner.isHeeded);
    this.conversation.arrive(isSilent ? 'close' : 'lost');
  }

  dispose(): void {
    this.timer.clear();
    this.late?.clear();
    this.half?.destroy();
  }

  // Of the program.

  /** The program wants to read. */
  ask(): void {
    if (this.#isTakenOver) return;
    this.#wants = true;
    const { half } = this;
    const taken = this.#takeGiven();
    if (half !== undefined) outside(() => half.ask(taken));
  }

  #takeGiven(): number {
    const given = this.#given;
    this.#given = 0;
    return given;
  }

  /** Something else above it reads and writes the half outside from now on: of its data nothing more comes here. */
  takeOver(): void {
    this.#isTakenOver = true;
  }

  /** Something that the program does to it. @param size compared on replay */
  act(name: string, size: number, act: (half: NativeStream<Duplex>) => void): void {
    this.conversation.effect(name, size, () => {
      if (this.half !== undefined) act(this.half);
    });
  }

  write(bytes: Uint8Array, done: Done): void {
    this.bytesWritten += bytes.length;
    this.#unacknowledged += bytes.length;
    this.timer.refresh();
    const isAwaited = this.#unacknowledged > WRITE_CREDIT_BYTES;
    // The program may use its buffer again.
    const copy = Uint8Array.prototype.slice.call(bytes);
    if (isAwaited) this.#written = done;
    this.conversation.effect('write', bytes.length, () => {
      if (this.half !== undefined) this.half.write(copy, isAwaited);
      else if (isAwaited) this.arrive('drain');
    });
    // As a kernel that takes it at once.
    if (!isAwaited) done();
  }

  end(done: Done): void {
    this.isClosing = true;
    this.#final = done;
    this.conversation.effect('end', 0, () => this.half?.end());
  }

  /** The program is done with it. @param isOver both halves have ended by themselves: nothing is left to do outside */
  destroy(isOver: boolean, isReset: boolean): void {
    const isStanding = this.state === 'open' || this.state === 'connecting';
    this.state = 'over';
    this.timer.clear();
    this.late?.clear();
    const go = (): void => (isReset ? this.half?.reset() : this.half?.destroy());
    if (isStanding && !isOver) this.conversation.effect(isReset ? 'reset' : 'destroy', 0, go);
    else outside(go);
    this.conversation.over();
    this.#answerAll();
  }

  /** Something that nobody can see, such as `setNoDelay`: done outside, not recorded. */
  tune(name: string, args: readonly unknown[]): void {
    this.#tuning.set(name, args);
    this.#tune(name, args);
  }

  #tune(name: string, args: readonly unknown[]): void {
    const native = this.half?.native;
    const method: unknown = native === undefined ? undefined : Reflect.get(native, name);
    if (typeof method === 'function') outside(() => Reflect.apply(method, native, [...args]) as unknown);
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef;
    if (this.state !== 'new') this.conversation.setRef(isRef);
  }
}
