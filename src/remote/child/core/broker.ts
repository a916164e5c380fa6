// The broker of a far process: between the link and the program's thread. Pure: descriptors, threads and signals come in as ports.
// Invariants:
//   B1. The first frame is SETUP; anything else ends the process.
//   B2. The link's end, or silence for the lease, ends the process and everything in its group at once.
//   B3. A main thread that doesn't hear of a shutdown is killed; one that hears of it has the grace.
import { contextId, type ContextId } from '../../../base/brand.ts';
import type { Clock, TimerHandle } from '../../../base/seams/clock.ts';
import type { Link } from '../../../base/seams/link.ts';
import type { LogLevel } from '../../../base/seams/log.ts';
import { FrameReader } from '../../../wire/frames/frame-reader.ts';
import type { Frame } from '../../../wire/frames/frame.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { decodeValue } from '../../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';
import { LogBuffer } from './logs/log-buffer.ts';
import { FIRST_MAIN_HANDLE } from './messages/mailboxes.ts';
import type { HelloMessage, Message, SetupMessage, ShutdownMessage } from './messages/messages.ts';
import { Router } from './routing/router.ts';

const LOG_DELAY_MS = 20;
/** Bytes of a LOG message, and of what waits on the link before another one is made: an answer is never behind more. */
const LOG_PIECE_BYTES = 32_768;
/** Time in which a main thread that is not hung hears of a shutdown. */
const HEARD_MS = 1000;

/** What the broker does to its process. */
export interface BrokerPorts {
  readonly link: Link;
  readonly clock: Clock;
  readonly hello: Omit<HelloMessage, 'protocol'> & { readonly protocol: number };
  /** Hands something to the program's thread. */
  toMain(message: Message): void;
  setUp(id: ContextId, setup: SetupMessage): void;
  /** The second part of the core has come. */
  text(bytes: Uint8Array): void;
  /** The text of an intermediary has come: it takes part in the routing from now on. */
  extend(bytes: Uint8Array, router: Router, ancestors: SetupMessage['ancestors']): void;
  stopMain(): void;
  /** Ends the whole process group. `gently`: SIGTERM to this process, 200 ms, then SIGKILL. Never returns when not gentle. */
  endAll(gently: boolean): void;
}

/** Handles of the program's thread that only ancestors may use. */
const MAIN_HANDLES = [HANDLE.CALL, HANDLE.ABORT, HANDLE.LOAD_MODULE, HANDLE.CHANNEL_CREDIT];

/** The broker of one far process. */
export class Broker {
  readonly #ports: BrokerPorts;
  #router: Router | undefined;
  #setup: SetupMessage | undefined;
  #log: LogBuffer | undefined;
  #isLogArmed = false;
  #lease: TimerHandle | undefined;
  #lastFrameMs = 0;
  #isStopping = false;
  #hung: TimerHandle | undefined;

  constructor(ports: BrokerPorts) {
    this.#ports = ports;
    const { link } = ports;
    const reader = new FrameReader({ peer: 'the parent' });
    link.onData((bytes) => {
      try {
        for (const frame of reader.push(bytes)) this.#onFrame(frame);
      } catch {
        ports.endAll(false);
      }
    });
    link.onClose(() => ports.endAll(false));
  }

  /** Sends a message of the program's thread. */
  send(message: Omit<Message, 'src'>): void {
    this.#router?.send(message);
  }

  /** A line of the program. */
  line(stream: 'console' | 'stdout' | 'stderr', level: LogLevel, text: string): void {
    this.#log?.add(stream, level, text);
    this.#armLog();
  }

  /** The program's thread has heard of the shutdown. */
  mainIsStopping(): void {
    this.#hung?.clear();
  }

  /** The program ends by itself: its lines and last words leave. */
  lastWords(payload: Uint8Array): void {
    this.#flushLog(true);
    if (this.#setup !== undefined) this.send({ dst: this.#setup.home, handle: HANDLE.EXITING, replyTo: 0, payload });
  }

  /** @param isLast whatever waits leaves, however full the link is */
  #flushLog(isLast = false): void {
    this.#isLogArmed = false;
    const { link } = this.#ports;
    while (this.#log?.isEmpty === false && (isLast || (link.unsentBytes ?? 0) <= LOG_PIECE_BYTES)) this.#sendLog(this.#log);
    if (this.#log?.isEmpty === false) this.#armLog();
  }

  #armLog(): void {
    if (this.#isLogArmed) return;
    this.#isLogArmed = true;
    this.#ports.clock.after(LOG_DELAY_MS, () => this.#flushLog(), { background: true });
  }

  #sendLog(log: LogBuffer): void {
    if (this.#setup !== undefined)
      this.send({ dst: this.#setup.home, handle: HANDLE.LOG, replyTo: 0, payload: encodeToBytes(log.take(LOG_PIECE_BYTES)) });
  }

  #onFrame(frame: Frame): void {
    this.#lastFrameMs = this.#ports.clock.monotonicMs();
    if (this.#router !== undefined) this.#router.fromParent(frame);
    else if (frame.handle === HANDLE.SETUP) this.#start(frame);
    else this.#ports.endAll(false);
  }

  #start(frame: Frame): void {
    // The parent is believed: it gave this process its code.
    const setup = decodeValue(frame.payload) as SetupMessage;
    const id = contextId(frame.dst);
    const { clock } = this.#ports;
    const router = new Router({
      id,
      ancestors: setup.ancestors,
      unidirectional: true,
      toMain: (message) => {
        if (message.handle < FIRST_MAIN_HANDLE) return false;
        this.#ports.toMain(message);
        return true;
      },
    });
    for (const handle of MAIN_HANDLES) router.on(handle, 'ancestor', (message) => this.#ports.toMain(message));
    router.on(HANDLE.PING, 'ancestor', ({ src, replyTo }) =>
      router.send({ dst: src, handle: replyTo, replyTo: 0, payload: new Uint8Array(0) }),
    );
    router.on(HANDLE.TEXT, 'ancestor', ({ payload }) => this.#ports.text(payload));
    router.on(HANDLE.BROKER_TEXT, 'ancestor', ({ payload }) => this.#ports.extend(payload, router, setup.ancestors));
    router.on(HANDLE.SHUTDOWN, 'ancestor', ({ payload }) => this.#shutDown(decodeValue(payload) as ShutdownMessage));
    router.setParent(this.#ports.link);
    this.#router = router;
    this.#setup = setup;
    this.#log = new LogBuffer(setup.logLevel, () => clock.monotonicMs());
    this.#ports.setUp(id, setup);
    const [parent = setup.home] = setup.ancestors;
    router.send({ dst: parent, handle: HANDLE.HELLO, replyTo: 0, payload: encodeToBytes(this.#ports.hello) });
    this.#watchLease(setup.leaseMs);
  }

  /** @param isOver the time is over, and since then the link was read once more: a process that stood still finds its timers due first */
  #watchLease(leaseMs: number, isOver = false): void {
    const leftMs = leaseMs - this.#ports.clock.monotonicMs() + this.#lastFrameMs;
    if (isOver && leftMs <= 0) this.#ports.endAll(false);
    this.#lease = this.#ports.clock.after(leftMs, () => this.#watchLease(leaseMs, leftMs <= 0), { background: true });
  }

  #shutDown({ graceMs }: ShutdownMessage): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#lease?.clear();
    this.#ports.stopMain();
    this.#hung = this.#ports.clock.after(Math.min(HEARD_MS, graceMs), () => this.#ports.endAll(true));
    this.#ports.clock.after(graceMs, () => this.#ports.endAll(true));
  }
}
