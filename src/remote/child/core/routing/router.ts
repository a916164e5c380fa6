// Routes frames in one process of the tree: controller, runner, intermediary, or a plain child with nothing below it.
// Invariants:
//   R1. Who sent a frame is decided by the edge it came by: `src` and `auth` of a frame from a child edge are ids below that edge, or the
//       frame is dropped and counted. What comes from the parent edge is believed: the parent can do everything here anyway.
//   R2. A frame for which there is no way is answered DEAD when it wants an answer; a DEAD frame never causes another one.
//   R3. Fixed mailboxes have a policy; a frame that does not fit is answered DEAD and counted.
//   R4. Whatever a message is, its handler ends nothing but itself: what it throws or rejects with is an answer and a count.
//   R5. When an edge goes, its routes go first; then its owner is told; nothing is sent to these ids afterwards.
import { contextId, type ContextId } from '../../../../base/brand.ts';
import type { Clock } from '../../../../base/seams/clock.ts';
import { isError } from '../../../../base/errors/is-error.ts';
import type { Link } from '../../../../base/seams/link.ts';
import { FrameReader } from '../../../../wire/frames/frame-reader.ts';
import { encodeFrameHeader, FRAME_HEADER_BYTES, type Frame } from '../../../../wire/frames/frame.ts';
import { DEAD, FIRST_DYNAMIC_HANDLE, HANDLE } from '../../../../wire/frames/handles.ts';
import { LIMITS } from '../../../../wire/limits.ts';
import { encodeToBytes } from '../../../../wire/values/value-encode.ts';
import { Edge } from './edge.ts';
import { FrameRate } from './frame-rate.ts';
import type { Message } from '../messages/messages.ts';
import type { Origin } from './origin.ts';
import { countOf, fieldsOf } from '../messages/parse.ts';
import { Transfers } from './transfers.ts';

/** `ancestor`: with the authority of an ancestor; `child`: from a context directly or indirectly below; `any`. */
export type HandlePolicy = 'ancestor' | 'child' | 'any';

/** Reads its message before it waits for anything. What it throws, or rejects with, says that the message cannot be read. */
type Handler = (message: Message, origin: Origin) => unknown;

/** What a router needs to know at the start. */
export interface RouterSetup {
  readonly id: ContextId;
  readonly ancestors: readonly ContextId[];
  /** Forbids traffic between two child edges. */
  readonly unidirectional: boolean;
  /** For the rate of control frames; without it there is none (a process that has nothing below it). */
  readonly clock?: Clock;
  /** Messages for mailboxes that belong to the program's thread. False: no such mailbox. */
  readonly toMain: (message: Message, origin: Origin) => boolean;
}

/** The router of one process. Owned by its broker; links belong to whoever added them. */
export class Router {
  readonly id: ContextId;
  /** Dropped frames by rule: `src`, `auth`, `policy`, `handle`, `route`, `sibling`, `garbage`. */
  readonly dropped: Map<string, number> = new Map();
  readonly #ancestors: ReadonlySet<number>;
  readonly #setup: RouterSetup;
  readonly #routes = new Map<ContextId, Edge>();
  readonly #handlers = new Map<number, { handler: Handler; policy: HandlePolicy; respondent?: ContextId }>();
  readonly #transfers: Transfers;
  #parent: Link | undefined;
  #nextHandle = FIRST_DYNAMIC_HANDLE;

  constructor(setup: RouterSetup) {
    this.id = setup.id;
    this.#setup = setup;
    this.#ancestors = new Set([setup.id, ...setup.ancestors]);
    this.#transfers = new Transfers({
      send: (frame) => this.#transmit({ ...frame, src: this.id, auth: this.id }, undefined),
      answer: (frame) => this.#answer({ ...frame, src: this.id, auth: this.id }),
      deliver: (message, origin) => this.#deliver(message, origin),
    });
    this.on(HANDLE.DEL_ROUTE, 'child', (message, origin) => this.#delRoute(message, origin));
  }

  /** The link to the parent. Frames of its reader are given to `fromParent`. */
  setParent(link: Link): void {
    this.#parent = link;
    link.onDrain(() => this.#transfers.resume());
  }

  /** A frame that came over the parent link. */
  fromParent(frame: Frame): void {
    this.#transmit(frame, 'parent');
  }

  /** Adds a child edge; from now on frames for `id` go there. The caller is told once when the link has ended. */
  addChild(link: Link, id: ContextId, onLost: (reason: string, gone: readonly ContextId[]) => void): Edge {
    const edge = new Edge(link, id);
    const reader = new FrameReader({ peer: link.name });
    const rate = this.#setup.clock === undefined ? undefined : new FrameRate(edge, this.#setup.clock);
    this.#routes.set(id, edge);
    edge.refused = (handle) => rate?.refused(handle);
    link.onDrain(() => {
      edge.unreadBytes = 0;
      this.#transfers.resume();
    });
    link.onData((bytes) => {
      if (edge.ended) return;
      edge.arrivedBytes += bytes.length;
      try {
        for (const frame of reader.push(bytes)) {
          if (edge.ended) return;
          rate?.count(frame.handle);
          this.#transmit(frame, edge);
        }
      } catch (error) {
        this.#drop('garbage');
        edge.end(isError(error) ? error.message : String(error));
      }
    });
    link.onClose((reason) => {
      if (edge.ended) return;
      edge.ended = true;
      const gone = [...edge.ids];
      for (const below of gone) this.#forget(below);
      onLost(reason, gone);
    });
    return edge;
  }

  /** Lets an id below an edge be routed there, after the edge's owner has allowed it. Undefined: done; a text: why not. */
  addRoute(edge: Edge, id: ContextId): string | undefined {
    if (this.#routes.has(id) || this.#ancestors.has(id)) return `context ${id} exists already`;
    if (edge.ids.size >= LIMITS.routesPerChild) return `more than ${LIMITS.routesPerChild} contexts below one child`;
    edge.ids.add(id);
    this.#routes.set(id, edge);
    return undefined;
  }

  /** Whether frames for this context have a way down from here. */
  hasRoute(id: ContextId): boolean {
    return this.#routes.has(id);
  }

  /** Registers a fixed mailbox. Twice is an error of ours. */
  on(handle: number, policy: HandlePolicy, handler: Handler): void {
    if (this.#handlers.has(handle)) throw new TypeError(`mailbox ${handle} is taken`);
    this.#handlers.set(handle, { handler, policy });
  }

  /** Opens a mailbox for answers of one context. The caller closes it. */
  open(respondent: ContextId, handler: Handler): number {
    const handle = this.#nextHandle++;
    this.#handlers.set(handle, { handler, policy: 'any', respondent });
    return handle;
  }

  close(handle: number): void {
    this.#handlers.delete(handle);
  }

  /** Sends a message of this process; large ones in pieces. Never throws. */
  send(message: Omit<Message, 'src'>): void {
    this.#transfers.send(message);
  }

  #drop(rule: string): void {
    this.dropped.set(rule, (this.dropped.get(rule) ?? 0) + 1);
  }

  #forget(id: ContextId): void {
    this.#routes.delete(id);
    this.#transfers.forget(id);
    const gone = encodeToBytes('the context has ended');
    for (const [handle, entry] of this.#handlers) {
      if (entry.respondent !== id) continue;
      this.#handlers.delete(handle);
      entry.handler({ dst: this.id, src: id, handle, replyTo: DEAD, payload: gone }, { auth: id, edge: undefined });
    }
    if (this.#parent !== undefined && this.#ancestors.size > 1) {
      const parent = [...this.#ancestors][1];
      if (parent !== undefined) this.send({ dst: contextId(parent), handle: HANDLE.DEL_ROUTE, replyTo: 0, payload: encodeToBytes({ id }) });
    }
  }

  #delRoute(message: Message, { edge }: Origin): void {
    const id = contextId(countOf(fieldsOf(message.payload), 'id'));
    // The child itself goes with its link only.
    if (edge === undefined || id === edge.id || this.#routes.get(id) !== edge) return this.#drop('policy');
    edge.ids.delete(id);
    this.#forget(id);
    edge.gone?.(id);
  }

  /** Decides where a frame goes. `false`: its link is full. */
  #transmit(frame: Frame, from: Edge | 'parent' | undefined): boolean {
    const dst = contextId(frame.dst);
    const src = contextId(frame.src);
    const auth = contextId(frame.auth);
    if (from instanceof Edge) {
      if (!from.ids.has(src)) return this.#refuse('src', from, frame.handle);
      if (!from.ids.has(auth)) return this.#refuse('auth', from, frame.handle);
    }
    const edge = from instanceof Edge ? from : undefined;
    if (dst === this.id) {
      const payload = frame.lead === undefined ? frame.payload : Buffer.concat([frame.lead, frame.payload]);
      const message: Message = { dst, src, handle: frame.handle, replyTo: frame.replyTo, payload };
      const origin: Origin = { auth, edge };
      if (!this.#transfers.receive(message, origin)) this.#deliver(message, origin);
      return true;
    }
    const route = this.#routes.get(dst);
    if (route !== undefined) {
      if (edge !== undefined && edge !== route && this.#setup.unidirectional)
        return this.#dead(frame, 'sibling', 'contexts beside each other may not talk');
      return this.#write(route.link, frame);
    }
    if (this.#parent !== undefined && from !== 'parent') return this.#write(this.#parent, frame);
    return this.#dead(frame, 'route', `no way from context ${this.id} to context ${dst}`);
  }

  #write(link: Link, frame: Frame): boolean {
    const { lead } = frame;
    const head = encodeFrameHeader(frame, frame.payload.length + (lead?.length ?? 0));
    if (lead !== undefined || frame.payload.length > 16_384) {
      link.send(head);
      if (lead !== undefined) link.send(lead);
      return link.send(frame.payload);
    }
    return link.send(Buffer.concat([head, frame.payload]));
  }

  #refuse(rule: string, edge: Edge, handle: number): true {
    this.#drop(rule);
    edge.refused?.(handle);
    return true;
  }

  #dead(frame: Omit<Frame, 'auth'>, rule: string, why: string): true {
    this.#drop(rule);
    this.#routes.get(contextId(frame.src))?.refused?.(frame.handle);
    if (frame.replyTo !== 0 && frame.replyTo !== DEAD)
      this.answer({ dst: contextId(frame.src), handle: frame.replyTo, replyTo: DEAD, payload: encodeToBytes(why) });
    return true;
  }

  /** Sends what a message of `dst` asks for. A child that asks and does not read loses its link: nothing else bounds what waits for it. */
  answer(message: Omit<Message, 'src'>): void {
    if (message.payload.length > LIMITS.chunkBytes) this.send(message);
    else this.#answer({ ...message, src: this.id, auth: this.id });
  }

  #answer(frame: Frame): void {
    const edge = this.#routes.get(contextId(frame.dst));
    if (this.#transmit(frame, undefined) || edge === undefined) return;
    edge.unreadBytes += FRAME_HEADER_BYTES + frame.payload.length;
    if (edge.unreadBytes > LIMITS.unreadAnswerBytes) edge.end('it does not read the answers that it asks for');
  }

  /** Hands a whole message to its mailbox. */
  #deliver(message: Message, origin: Origin): void {
    const entry = this.#handlers.get(message.handle);
    const allowed = entry === undefined ? true : this.#mayUse(entry, message, origin);
    if (!allowed) return void this.#dead(message, 'policy', `mailbox ${message.handle} is not for context ${message.src}`);
    try {
      if (entry !== undefined) {
        const waited = entry.handler(message, origin);
        if (waited instanceof Promise) waited.catch((error: unknown) => this.#garbage(message, error));
        return;
      }
      if (this.#setup.toMain(message, origin)) return;
    } catch (error) {
      return this.#garbage(message, error);
    }
    this.#dead(message, 'handle', `context ${this.id} has no mailbox ${message.handle}`);
  }

  /** The message is not what it should be. */
  #garbage(message: Message, error: unknown): void {
    this.#dead(message, 'garbage', isError(error) ? error.message : String(error));
  }

  #mayUse(entry: { policy: HandlePolicy; respondent?: ContextId }, message: Message, origin: Origin): boolean {
    if (entry.respondent !== undefined) return entry.respondent === message.src || (message.replyTo === DEAD && message.src === this.id);
    if (entry.policy === 'any') return true;
    if (entry.policy === 'child') return origin.edge !== undefined;
    return this.#ancestors.has(origin.auth);
  }
}
