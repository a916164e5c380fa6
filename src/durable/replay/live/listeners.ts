// Functions of the program that wait for a live object of a builtin: `child.on('close', …)`, or the callback of `execFile`. When the process
// that held the object is gone, nobody would ever call them. Once history is used up, each object of an earlier process is
// 1. left alone when it had ended (its `close` was heard, or the callback of the call that opened it),
// 2. opened again with its listeners when nothing was heard and nothing else was done with it: its outcome is unknown,
// 3. reported lost otherwise: to its `error` listener, else the program ends with LIVE_OBJECT_LOST. It never waits for ever.
import type { CallSpec } from '../calls/call-spec.ts';
import type { CallbackEvent } from '../../journal/events/event.ts';
import type { SessionParts, LiveListeners } from '../session/session-parts.ts';
import { lostError, type LiveInfo } from './live-objects.ts';
import { LOST_INDEX } from './lost-index.ts';
import { perform } from '../calls/perform.ts';

const REGISTER = new Set(['on', 'once', 'addListener', 'prependListener', 'addEventListener']);
const ENDINGS = new Set(['exit', 'end', 'finish', 'error']);

interface Listener {
  readonly id: number;
  readonly spec: CallSpec;
  readonly args: readonly unknown[];
  readonly event: string;
  /** Whether it listens to the object itself, not to one of its fields. */
  readonly isOfRoot: boolean;
}

interface Root {
  readonly info: LiveInfo;
  readonly spec: CallSpec;
  readonly hasCallback: boolean;
  readonly listeners: Listener[];
  readonly heard: Set<string>;
  isHeard: boolean;
  isOver: boolean;
}

/** Whether a call registers a function of the program with its receiver. */
export function isListening(spec: CallSpec): boolean {
  return spec.receiver !== undefined && REGISTER.has(spec.receiver.method) && spec.args.some((arg) => typeof arg === 'function');
}

/** The live objects of earlier processes, by the call that opened them. */
export class Listeners implements LiveListeners {
  readonly #parts: SessionParts;
  readonly #roots = new Map<number, Root>();
  readonly #owners = new Map<number, { readonly root: Root; readonly listener: Listener | undefined }>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  opened(spec: CallSpec, id: number, info: LiveInfo): void {
    const hasCallback = this.#parts.channels.has(id);
    const root: Root = { info, spec, hasCallback, listeners: [], heard: new Set(), isHeard: false, isOver: false };
    this.#roots.set(id, root);
    if (hasCallback) this.#owners.set(id, { root, listener: undefined });
  }

  registered(spec: CallSpec, id: number, args: readonly unknown[]): void {
    const info = spec.receiver?.info;
    const root = info === undefined ? undefined : this.#roots.get(info.callId);
    if (root === undefined) return;
    const [event] = args;
    const listener = { id, spec, args, event: typeof event === 'string' ? event : '', isOfRoot: info === root.info };
    root.listeners.push(listener);
    this.#owners.set(id, { root, listener });
  }

  /** A recorded callback was delivered. */
  heard(id: number): void {
    const owner = this.#owners.get(id);
    if (owner === undefined) return;
    owner.root.isHeard = true;
    // It is not as new any more: a call on it after a crash is not made on another one.
    owner.root.info.answered++;
    if (owner.listener === undefined) owner.root.isOver = true;
    else if (owner.listener.isOfRoot) owner.root.heard.add(owner.listener.event);
  }

  reattach(id: number): void {
    const root = this.#roots.get(id);
    for (const { spec, id: own, args } of root?.listeners ?? []) perform(this.#parts, spec, own, args, false);
  }

  /** History is used up. */
  settle(): void {
    for (const root of this.#roots.values()) {
      if (root.info.real !== undefined || this.#isOver(root) || (root.listeners.length === 0 && !root.hasCallback)) continue;
      if (root.isHeard || root.info.answered > 0) this.#lost(root);
      else this.#again(root);
    }
  }

  #isOver(root: Root): boolean {
    if (root.isOver || root.info.isClosed || root.heard.has('close')) return true;
    return (
      !root.listeners.some(({ event, isOfRoot }) => isOfRoot && event === 'close') && [...root.heard].some((event) => ENDINGS.has(event))
    );
  }

  #again(root: Root): void {
    const parts = this.#parts;
    try {
      const real = root.info.reopen?.();
      if (typeof real !== 'object' || real === null) return this.#lost(root);
      root.info.real = real;
    } catch (error) {
      parts.warn(`${root.spec.fn}, called again after a crash, failed: ${String(error)}`);
      this.#lost(root);
    }
  }

  #lost(root: Root): void {
    const parts = this.#parts;
    const error = lostError(root.spec.fn, root.info, root.spec.site);
    const listener = root.listeners.find(({ event, isOfRoot }) => isOfRoot && event === 'error');
    const id = listener?.id ?? root.info.callId;
    const index = listener === undefined ? LOST_INDEX : 0;
    const args = parts.results.data('the error of a lost object', [['value', error]]);
    parts.pump.arrive({ make: (atMs): CallbackEvent => ({ t: 'cb', id, index, atMs, args }) });
  }
}
