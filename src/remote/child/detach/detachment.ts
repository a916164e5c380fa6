// A far process that lives on without its controller, in its broker thread.
// Invariants:
//   L1. Until the second order nothing has changed: the end of the link ends the process.
//   L2. Without a controller it lives for its lease at most; then it ends as if it had been closed, and what stood on the disk is gone first.
//   L3. Whoever attaches is its controller: the end of that link ends the process, as ever.
import type { Socket } from 'node:net';
import type { ContextId } from '../../../base/brand.ts';
import type { Clock, TimerHandle } from '../../../base/seams/clock.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { decodeValue } from '../../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';
import { LogBuffer } from '../core/logs/log-buffer.ts';
import type { Message } from '../core/messages/messages.ts';
import type { Router } from '../core/routing/router.ts';
import type { FdLink } from '../threads/fd-link.ts';
import { Door } from './door.ts';
import type { GoOrder, ReadyAnswer, ReadyOrder } from './orders.ts';
import { Outputs } from './outputs.ts';
import { StandingLink } from './standing-link.ts';

/** Time between the two orders. */
const READY_MS = 30_000;
/** Time of running calls to end when the lease is over. */
const GRACE_MS = 5000;
const LOG_PIECE_BYTES = 32_768;
const LOG_DELAY_MS = 20;

/** What it needs of its process. */
export interface DetachmentPorts {
  readonly router: Router;
  /** Nearest first. */
  readonly ancestors: readonly ContextId[];
  readonly clock: Clock;
  readonly link: FdLink;
}

interface Ready {
  readonly order: ReadyOrder;
  readonly door: Door;
  /** Those that nobody reads yet; none when they are read already. */
  readonly outputs: Outputs | undefined;
}

/** The one of this process. It may be detached again and again. */
export class Detachment {
  readonly #ports: DetachmentPorts;
  readonly #log: LogBuffer;
  #standing: StandingLink | undefined;
  #ready: Ready | undefined;
  #isAlone = false;
  #timers: TimerHandle[] = [];
  #logTimer: TimerHandle | undefined;

  constructor(ports: DetachmentPorts) {
    this.#ports = ports;
    this.#log = new LogBuffer('debug', () => ports.clock.monotonicMs());
    ports.router.on(HANDLE.DETACH, 'ancestor', (message) => this.#onOrder(message));
  }

  async #onOrder(message: Message): Promise<void> {
    // An ancestor is believed: it can run anything here.
    const order = decodeValue(message.payload) as ReadyOrder | GoOrder;
    if ('go' in order && !order.go) return this.#giveUp();
    const ready = 'go' in order ? this.#ready : undefined;
    const answer = 'go' in order ? { isGone: ready !== undefined } : await this.#prepare(order);
    this.#ports.router.send({ dst: message.src, handle: message.replyTo, replyTo: 0, payload: encodeToBytes(answer) });
    if (ready !== undefined) this.#go(ready);
  }

  async #prepare(order: ReadyOrder): Promise<ReadyAnswer> {
    this.#giveUp();
    const door = new Door(order.secret);
    try {
      await door.listen();
      const outputs = this.#standing !== undefined ? undefined : order.needsPipes ? Outputs.make(door.folder) : Outputs.hold();
      if (typeof outputs === 'string') {
        door.shut();
        return { refused: outputs };
      }
      this.#ready = { order: { ...order, kept: new Uint8Array(order.kept) }, door, outputs };
      this.#timers = [this.#ports.clock.after(READY_MS, () => this.#giveUp())];
      return { path: door.path, pipes: outputs?.pipes ?? [] };
    } catch (error) {
      door.shut();
      return { refused: error instanceof Error ? error.message : String(error) };
    }
  }

  /** An order that nobody has followed up. */
  #giveUp(): void {
    this.#stopTimers();
    this.#ready?.door.shut();
    this.#ready?.outputs?.release();
    this.#ready = undefined;
  }

  #go({ door, order, outputs }: Ready): void {
    const { clock, link, router } = this.#ports;
    this.#stopTimers();
    this.#ready = undefined;
    this.#isAlone = true;
    if (this.#standing !== undefined) this.#standing.release();
    else {
      this.#standing = new StandingLink(link);
      router.setParent(link);
    }
    outputs?.read((stream, line) => this.#line(stream, line));
    const renew = (): void => {
      this.#tell(HANDLE.PING, new Uint8Array(0));
      this.#timers[1] = clock.after(order.linkLeaseMs / 3, renew);
    };
    const end = (): void => {
      door.shut();
      this.#tell(HANDLE.SHUTDOWN, encodeToBytes({ graceMs: GRACE_MS }));
    };
    this.#timers = [clock.after(order.leaseMs, end)];
    renew();
    door.open((socket) => this.#attach(socket, order));
  }

  #attach(socket: Socket, { kept }: ReadyOrder): void {
    this.#stopTimers();
    this.#isAlone = false;
    // As the end of any parent link: everything goes.
    this.#standing?.carryOver(socket, () => process.kill(0, 'SIGKILL'));
    const [home] = this.#ports.ancestors;
    if (home !== undefined) this.#ports.router.send({ dst: home, handle: HANDLE.HELLO, replyTo: 0, payload: kept });
  }

  #stopTimers(): void {
    for (const timer of this.#timers) timer.clear();
    this.#timers = [];
  }

  /** An order of this process to itself, in the name of its controller. */
  #tell(handle: number, payload: Uint8Array): void {
    const { ancestors, router } = this.#ports;
    const [home] = ancestors;
    if (home !== undefined) this.#standing?.tell({ dst: router.id, src: home, auth: home, handle, replyTo: 0, payload });
  }

  /** A line of the program. Nobody keeps it while nobody is attached. */
  #line(stream: 'stdout' | 'stderr', line: string): void {
    if (this.#isAlone) return;
    this.#log.add(stream, stream === 'stdout' ? 'info' : 'warn', line);
    if (this.#logTimer === undefined) this.#logTimer = this.#ports.clock.after(LOG_DELAY_MS, () => this.#flush(), { background: true });
  }

  #flush(): void {
    this.#logTimer = undefined;
    const { ancestors, router } = this.#ports;
    const [home] = ancestors;
    while (!this.#log.isEmpty) {
      const payload = encodeToBytes(this.#log.take(LOG_PIECE_BYTES));
      if (home !== undefined) router.send({ dst: home, handle: HANDLE.LOG, replyTo: 0, payload });
    }
  }
}
