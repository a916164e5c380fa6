// The far process behind a Context: opened when it is needed, opened again after a loss when the owner wants that.
import { contextId, type ContextId } from '../../base/brand.ts';
import { deferred } from '../../base/deferred.ts';
import type { ErrorCode } from '../../base/errors/error-codes.ts';
import { codeOf, ResproutError } from '../../base/errors/errors.ts';
import type { TargetVars } from '../../base/inventory/inventory.ts';
import type { CallSide } from '../calls/call-side.ts';
import { lostError } from '../calls/lost-error.ts';
import type { Ask, Recipe } from '../connect/index.ts';
import type { DetachOptions } from '../detached/options.ts';
import type { DetachedPlace } from '../detached/token.ts';
import type { ContextFacts, LostReport, OpenRequest } from '../hosts/host.ts';

/** What belongs to an opening but is no part of the recipe of a method. */
export interface OpenSettings extends Pick<OpenRequest, 'logLevel' | 'leaseMs' | 'deadAfterMs' | 'serve'> {
  readonly reopen?: 'again' | 'fail' | undefined;
  /** How often an opening that was refused or dropped is made again. */
  readonly retries?: number | undefined;
}

/** Pauses before an opening is made again; the last one stays. */
const RETRY_MS = [1000, 5000, 30_000];
/** What may pass by itself. */
const PASSING: readonly ErrorCode[] = ['REMOTE_CONNECT_FAILED', 'REMOTE_CONNECT_TIMEOUT', 'REMOTE_LOST'];

/** A far process that is or was open. */
export interface Opened {
  readonly id: ContextId;
  readonly facts: ContextFacts;
  /** Set when it is gone. */
  lost: LostReport | undefined;
}

/** One recipe: at most one live process at a time. */
export class Opening {
  readonly side: CallSide;
  readonly recipe: Recipe;
  readonly settings: OpenSettings;
  readonly via: Opening | undefined;
  /** Where its process waits, when another program has started it. */
  readonly place: DetachedPlace | undefined;
  /** Why no call is taken while it is detached. */
  leaves: LostReport | undefined;
  /** The program has closed it and not opened it again. A session says so too when the event is delivered: on a replay nothing was open. */
  isClosed = false;
  #opened: Opened | undefined;
  #opening: Promise<Opened> | undefined;
  #closing: Promise<void> | undefined;
  #generation = 0;
  #vars: TargetVars = {};

  constructor(side: CallSide, recipe: Recipe, settings: OpenSettings, via: Opening | undefined, place?: DetachedPlace) {
    this.side = side;
    this.recipe = recipe;
    this.settings = settings;
    this.via = via;
    this.place = place;
  }

  /** What the settings say of its target; nothing when it was opened by its text alone. */
  get vars(): TargetVars {
    return this.#vars;
  }

  give(vars: TargetVars): void {
    this.#vars = vars;
  }

  /** The process of the last opening, alive or not. */
  get last(): Opened | undefined {
    return this.#opened;
  }

  /** An earlier process of this session had this generation: the next one gets a higher number. */
  seen(generation: number | undefined): void {
    this.#generation = Math.max(this.#generation, generation ?? 0);
  }

  /** The live process; a new one when there is none: for its openers, which may open again what the program has closed. */
  async open(signal?: AbortSignal, ask?: Ask): Promise<Opened> {
    const opened = await this.#live(signal, ask);
    this.isClosed = false;
    return opened;
  }

  /** The live process; a new one when the last one was lost. @throws REMOTE_CLOSED when the program has closed it, and those of an opening */
  live(signal?: AbortSignal, ask?: Ask): Promise<Opened> {
    return this.isClosed ? Promise.reject(this.#closedError()) : this.#live(signal, ask);
  }

  /** Two at once share one opening. */
  async #live(signal: AbortSignal | undefined, ask: Ask | undefined): Promise<Opened> {
    await this.#closing;
    if (this.#opened !== undefined && this.#opened.lost === undefined) return this.#opened;
    this.#opening ??= this.side.hold(this.#open(signal, ask)).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(signal: AbortSignal | undefined, ask: Ask | undefined): Promise<Opened> {
    const { recipe, settings, side } = this;
    if (this.via?.isClosed === true) throw closedBelow(recipe.name, this.via.recipe.name);
    const via = this.via === undefined ? undefined : (await this.via.live(signal, ask)).id;
    const generation = this.place?.generation ?? this.#generation + 1;
    const { deadAfterMs, leaseMs, logLevel, serve } = settings;
    const request: OpenRequest = { recipe, via, generation, deadAfterMs, leaseMs, logLevel, serve, detached: this.place };
    const facts = await this.#facts(request, signal ?? new AbortController().signal, ask);
    if (this.place !== undefined) side.attached(this.place);
    this.#generation = generation;
    const opened: Opened = { id: contextId(facts.id), facts, lost: undefined };
    void side.report(opened.id).promise.then((report) => {
      opened.lost = report;
    });
    this.#opened = opened;
    return opened;
  }

  async #facts(request: OpenRequest, signal: AbortSignal, ask: Ask | undefined): Promise<ContextFacts> {
    const { retries = 0 } = this.settings;
    for (let tries = 0; ; tries++) {
      try {
        return await this.side.host.open(request, signal, ask);
      } catch (error) {
        const code = codeOf(error);
        if (tries >= retries || code === undefined || !PASSING.includes(code) || signal.aborted) throw error;
        await this.side.clock.sleep(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 0, signal);
      }
    }
  }

  /** Ends the live process. */
  async close(graceMs: number): Promise<void> {
    this.isClosed = true;
    const opened = this.#opened;
    if (opened === undefined || opened.lost !== undefined) return;
    const done = deferred<void>();
    this.#closing ??= done.promise;
    try {
      await this.side.hold(this.side.host.close(opened.id, graceMs));
      opened.lost ??= { how: 'closed', reason: 'closed by this program', exitCode: null, signal: null, lastLines: [] };
    } finally {
      this.#closing = undefined;
      done.resolve();
    }
  }

  /** Lets the live process live on. No call is taken from now on, unless that fails. */
  async detach(options: DetachOptions): Promise<DetachedPlace> {
    const opened = this.#opened;
    const { name } = this.recipe;
    if (opened === undefined) throw this.notOpen();
    const lost = opened.lost ?? this.leaves;
    if (lost !== undefined) throw lostError(`detach ${name}`, lost);
    const detached: LostReport = { how: 'detached', reason: 'detached by this program', exitCode: null, signal: null, lastLines: [] };
    this.leaves = detached;
    try {
      const place = await this.side.detach(opened.id, name, options);
      opened.lost ??= detached;
      return place;
    } finally {
      this.leaves = undefined;
    }
  }

  #closedError(): ResproutError {
    const { name } = this.recipe;
    return new ResproutError('REMOTE_CLOSED', `${name}: the context was closed by this program`, { tried: `use ${name}` });
  }

  /** The error of a context that was never open. */
  notOpen(): ResproutError {
    return new ResproutError('REMOTE_LOST', `${this.recipe.name} is not open`);
  }
}

/** The program closed what it would be opened through: opening that again would undo it. */
function closedBelow(name: string, via: string): ResproutError {
  const saw = `${via}, through which it is opened, was closed by this program`;
  return new ResproutError('REMOTE_CLOSED', `${name} was not opened: ${saw}`, { tried: `open ${name} through ${via}`, saw });
}
