// The broker's side of contexts: opens and closes them, ships modules, passes messages. Lives in the thread that owns the links.
// Invariants:
//   H1. A context that went away: its routes go first, then its report is told once, then nothing more about it.
//   H2. What a context says is believed about itself only; which context speaks is decided by its link.
import { ResproutError } from '../../base/errors/errors.ts';
import { contextId, type ContextId } from '../../base/brand.ts';
import type { ContextState } from '../../base/context-state.ts';
import { deferred } from '../../base/deferred.ts';
import type { LogLevel } from '../../base/seams/log.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { HelloMessage, Message, SetupMessage } from '../child/core/messages/messages.ts';
import { parseExiting, parseHello, parseLog } from '../child/core/messages/parse.ts';
import type { Ask, Recipe } from '../connect/index.ts';
import { describeRecipe, farStdioOf, pushOf } from '../connect/index.ts';
import { bridgeText } from '../detached/bridge.ts';
import { detachFar, refusedDetach } from '../detached/detach-far.ts';
import type { DetachedPlace } from '../detached/token.ts';
import { BelowContexts } from './below-contexts.ts';
import { ContextLog } from './context-log.ts';
import { FarProcess, type FarStart, type FarStartup, withLastWords } from '../processes/far-process.ts';
import type { HostBrokerParts } from './host-broker-parts.ts';
import { CallsUnderWay } from './calls-under-way.ts';
import type { ContextFacts, DetachRequest, LostReport, OpenRequest } from './host.ts';
import { ModuleShipping, type Ships } from './module-shipping.ts';
import { withOwnModules } from './own-modules.ts';

const DEFAULT_LEASE_MS = 600_000;
/** Time from the last words of a far process to the end of its link, when nobody holds it. */
const GONE_MS = 300;
const DEAD_AFTER_MS = 20_000;
const SECRET_BYTES = 12;

interface OpenContext {
  /** The process, where this one has started it. */
  readonly far?: FarProcess | undefined;
  /** Letters and digits in its far paths. */
  readonly mark: string;
  /** Ends it by force. */
  kill(): Promise<void>;
  readonly shipping: ModuleShipping;
  readonly request: OpenRequest;
  readonly facts: ContextFacts;
}

/** All contexts that this process opened. */
export class HostBroker {
  readonly #parts: HostBrokerParts;
  readonly #startups = new Map<ContextId, FarStartup>();
  readonly #logs = new Map<ContextId, ContextLog>();
  readonly #open = new Map<ContextId, OpenContext>();
  readonly #closed = new Map<ContextId, Promise<void>>();
  /** What is still being opened: cut off when everything closes, so that no tool of a connection outlives this process. */
  readonly #openings = new Map<ContextId, AbortController>();
  readonly #below: BelowContexts;
  readonly #calls = new CallsUnderWay();

  constructor(parts: HostBrokerParts) {
    this.#parts = parts;
    this.#below = new BelowContexts(parts);
    const { router } = parts;
    router.on(HANDLE.HELLO, 'child', ({ src, payload }) => this.#startups.get(src)?.hello.resolve(parseHello(payload)));
    router.on(HANDLE.LOG, 'child', (message) => this.#onLog(message));
    router.on(HANDLE.EXITING, 'child', ({ src, payload }) => {
      const startup = this.#startups.get(src);
      if (startup === undefined) return;
      startup.exiting ??= parseExiting(payload);
      // These were its last words. A daemon that it left may hold a pipe of the tool, which waits for that.
      const open = this.#open.get(src);
      parts.clock.after(GONE_MS, () => void open?.kill(), { background: true });
    });
    router.on(HANDLE.GET_MODULE, 'child', (message) => this.#open.get(message.src)?.shipping.late(message));
  }

  /** Host.open: a child of this process, or a context below one. */
  async open(request: OpenRequest, signal: AbortSignal, ask?: Ask): Promise<ContextFacts> {
    if (request.detached !== undefined && this.#closed.has(contextId(request.detached.id))) {
      const { name } = request.detached;
      const fields = { tried: `attach to ${name}`, saw: 'this program has it' };
      throw new ResproutError('REMOTE_NOT_DETACHED', `${name} is attached to already, by this program`, fields);
    }
    const { id, secret, log } = this.#prepare(request);
    const opening = new AbortController();
    this.#openings.set(id, opening);
    const shipping = this.#shippingTo(id, request, log);
    const closed = deferred<void>();
    this.#closed.set(id, closed.promise);
    const onLost = (told: LostReport): void => {
      const startup = this.#startups.get(id);
      const wasOpen = startup?.isOpen === true;
      const report = request.via === undefined ? told : withLastWords(told, startup);
      this.#forget(id);
      shipping.end();
      closed.resolve();
      if (wasOpen) this.#parts.onLost(id, report);
    };
    const start: FarStart = {
      deadAfterMs: request.deadAfterMs ?? DEAD_AFTER_MS,
      ...this.#startOf(request, AbortSignal.any([signal, opening.signal]), ask, log),
      id,
      log,
      setup: this.#setup(request, secret),
      isAttached: request.detached !== undefined,
      onLost: (report, gone) => {
        for (const below of gone) if (below !== id) this.#below.gone(below, report);
        onLost(report);
      },
    };
    try {
      if (request.via !== undefined) {
        const hello = await this.#below.open({ ...start, ask: start.dial.ask, via: request.via, canForget: onLost }, this.#startups);
        const facts = factsOf(id, request.generation, hello);
        this.#open.set(id, { kill: () => this.#below.kill(id), mark: secret, shipping, request, facts });
        return facts;
      }
      const far = await FarProcess.start(start, this.#startups);
      far.edge.gone = (below) => this.#below.routeGone(below);
      const facts = factsOf(id, request.generation, far.hello);
      this.#open.set(id, { far, kill: () => far.kill(), mark: secret, shipping, request, facts });
      return facts;
    } catch (error) {
      this.#forget(id);
      closed.resolve();
      throw error;
    } finally {
      this.#openings.delete(id);
    }
  }

  #shippingTo(id: ContextId, { serve }: OpenRequest, log: ContextLog): ModuleShipping {
    const { boot, modules, router, toProgram } = this.#parts;
    const shipping = new ModuleShipping(router, id, withOwnModules(modules, boot), serve);
    shipping.onLate = (file, from) => log.add('transport', 'debug', `${file} is served, ${from} asked for it`);
    shipping.onRefused = (handle, payload) => toProgram({ dst: router.id, src: id, handle, replyTo: 0, payload });
    return shipping;
  }

  /** What a start has from this process and the request. */
  #startOf(
    { detached, recipe }: OpenRequest,
    signal: AbortSignal,
    ask: Ask | undefined,
    log: ContextLog,
  ): Pick<FarStart, 'router' | 'clock' | 'dial' | 'secondText'> {
    const { ask: askHere, boot, clock, env, random, router } = this.#parts;
    const seams = { clock, random, env };
    const push = pushOf(recipe, describeRecipe(recipe), seams, (text) => log.add('transport', 'warn', text));
    const stdio = farStdioOf(recipe);
    const dial = {
      recipe,
      boot: detached === undefined ? boot(stdio) : bridgeText(detached, stdio),
      ask: ask ?? askHere,
      signal,
      push,
      seams,
    };
    return { router, clock, dial, secondText: boot('second') };
  }

  #prepare(request: OpenRequest): { readonly id: ContextId; readonly secret: string; readonly log: ContextLog } {
    const { clock, ids, log: sink, random } = this.#parts;
    const { detached } = request;
    const id = detached === undefined ? ids.next() : ids.take(detached.id);
    const secret = detached?.mark ?? `rs${Array.from(random.bytes(SECRET_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    const level: LogLevel = request.logLevel ?? 'info';
    const pattern = new RegExp(`/${secret}-[0-9a-z]+(?=/)`, 'g');
    const clean = (line: string): string => line.replace(pattern, '');
    const log = new ContextLog(request.recipe.name, level, sink, () => clock.monotonicMs(), clean);
    this.#logs.set(id, log);
    return { id, secret, log };
  }

  #setup(request: OpenRequest, secret: string): SetupMessage {
    const { ancestors, router } = this.#parts;
    const above = request.via === undefined ? [] : this.#below.pathTo(request.via);
    return {
      ancestors: [...above, router.id, ...ancestors],
      home: router.id,
      name: request.recipe.name,
      logLevel: request.logLevel ?? 'info',
      leaseMs: request.leaseMs ?? DEFAULT_LEASE_MS,
      generation: request.generation,
      secret,
      env: environmentOf(request.recipe),
    };
  }

  #forget(id: ContextId): void {
    this.#startups.delete(id);
    this.#logs.delete(id);
    this.#open.delete(id);
    this.#closed.delete(id);
    this.#calls.lost(id);
  }

  /** What goes to the program is told here first. */
  received(message: Message): void {
    this.#calls.received(message);
  }

  /** The open contexts, in the order in which they were opened. */
  contexts(): readonly ContextState[] {
    const nowMs = this.#parts.clock.monotonicMs();
    return [...this.#open].map(([id, { facts, request }]) => {
      const { count, oldestMs } = this.#calls.of(id, nowMs);
      const { generation, hostname, node, pid } = facts;
      const { name, method } = request.recipe;
      return { id, name, method, via: request.via ?? 0, pid, node, hostname, generation, calls: count, oldestCallMs: Math.round(oldestMs) };
    });
  }

  /** Host.send. */
  send(message: Omit<Message, 'src'>, ships?: Ships): void {
    this.#calls.sent(message, this.#parts.clock.monotonicMs());
    const open = this.#open.get(message.dst);
    if (open === undefined) this.#parts.router.send(message);
    else open.shipping.send(message, ships);
  }

  /** Host.close. */
  async close(id: ContextId, graceMs: number): Promise<void> {
    const open = this.#open.get(id);
    const startup = this.#startups.get(id);
    const closed = this.#closed.get(id);
    if (open === undefined || startup === undefined || closed === undefined) return;
    if (!startup.isClosing) {
      startup.isClosing = true;
      this.#parts.router.send({ dst: id, handle: HANDLE.SHUTDOWN, replyTo: 0, payload: encodeToBytes({ graceMs }) });
    }
    const stop = new AbortController();
    const forced = this.#parts.clock.sleep(graceMs, stop.signal).then(
      () => open.kill(),
      () => undefined,
    );
    await closed;
    stop.abort();
    await forced;
  }

  /** Closes all contexts, and cuts off those that are being opened. Resolves when their processes are gone. */
  async closeAll(graceMs: number): Promise<void> {
    const cutOff = [...this.#openings.keys()].map((id) => this.#closed.get(id));
    for (const opening of this.#openings.values()) opening.abort(new ResproutError('REMOTE_CLOSED', 'the process that opened it ends'));
    await Promise.all([...cutOff, ...[...this.#open.keys()].map((id) => this.close(id, graceMs))]);
  }

  /** Host.detach. */
  async detach(id: ContextId, { issued, leaseMs, signal }: DetachRequest): Promise<DetachedPlace> {
    const { boot, clock, env, random, router } = this.#parts;
    const open = this.#open.get(id);
    if (open === undefined || this.#startups.get(id)?.isClosing !== false)
      throw new ResproutError('REMOTE_LOST', 'the context is not there any more');
    const { far, facts, mark, request, shipping } = open;
    const { name, method } = request.recipe;
    if (far === undefined)
      throw refusedDetach(name, 'it was opened through another context', 'Detach one that this program has opened itself');
    if (far.leaving === undefined) throw refusedDetach(name, `a context of ${method} ends with its tool`, 'Open it by local or ssh');
    const below = [...this.#open.values()].filter((other) => other.request.via === id).map((other) => other.request.recipe.name);
    if (below.length > 0) throw refusedDetach(name, `${below.join(', ')} was opened through it`, 'Close what was opened through it first');
    const linkLeaseMs = request.leaseMs ?? DEFAULT_LEASE_MS;
    const { hello, leaving } = far;
    await shipping.settled();
    const place = await detachFar({
      id,
      name,
      hello,
      router,
      clock,
      env,
      random,
      text: boot('detach'),
      leaving,
      leaseMs,
      linkLeaseMs,
      signal,
      end: () => far.kill(),
    });
    const closed = this.#closed.get(id);
    await far.leave();
    await closed;
    return { ...place, id, name, mark, leaseMs: linkLeaseMs, generation: facts.generation, issued };
  }

  #onLog({ src, payload }: Message): void {
    const { about, dropped, lines } = parseLog(payload);
    const isBelow = about !== undefined && this.#below.isBelow(contextId(about), src);
    const log = this.#logs.get(isBelow ? contextId(about) : src);
    if (log === undefined) return;
    if (dropped > 0) log.droppedThere(dropped);
    for (const [stream, level, text] of lines) log.add(stream, level, text);
  }
}

/** Variables that only the core can set: where a transport does not carry them. */
function environmentOf(recipe: Recipe): Readonly<Record<string, string>> {
  return recipe.env ?? {};
}

function factsOf(id: ContextId, generation: number, hello: HelloMessage): ContextFacts {
  const { arch, cwd, execPath, hostname, node, pid, platform, uid } = hello;
  return { id, pid, uid, node, execPath, platform, arch, hostname, cwd, generation };
}
