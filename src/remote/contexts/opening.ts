// The far process behind a Context: opened when it is needed, opened again after a loss when the owner wants that.
import { contextId, type ContextId } from '../../base/brand.ts';
import { deferred } from '../../base/deferred.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { CallSide } from '../calls/call-side.ts';
import type { Ask, Recipe } from '../connect/index.ts';
import type { ContextFacts, LostReport, OpenRequest } from '../hosts/host.ts';

/** What belongs to an opening but is no part of the recipe of a method. */
export interface OpenSettings extends Pick<OpenRequest, 'logLevel' | 'leaseMs' | 'deadAfterMs' | 'serve'> {
  readonly reopen?: 'again' | 'fail' | undefined;
}

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
  #opened: Opened | undefined;
  #opening: Promise<Opened> | undefined;
  #closing: Promise<void> | undefined;
  #generation = 0;

  constructor(side: CallSide, recipe: Recipe, settings: OpenSettings, via: Opening | undefined) {
    this.side = side;
    this.recipe = recipe;
    this.settings = settings;
    this.via = via;
  }

  /** The process of the last opening, alive or not. */
  get last(): Opened | undefined {
    return this.#opened;
  }

  /** An earlier process of this session had this generation: the next one gets a higher number. */
  seen(generation: number | undefined): void {
    this.#generation = Math.max(this.#generation, generation ?? 0);
  }

  /** The live process; a new one when there is none. Two at once share one opening. */
  async live(signal?: AbortSignal, ask?: Ask): Promise<Opened> {
    await this.#closing;
    if (this.#opened !== undefined && this.#opened.lost === undefined) return this.#opened;
    this.#opening ??= this.side.hold(this.#open(signal, ask)).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(signal: AbortSignal | undefined, ask: Ask | undefined): Promise<Opened> {
    const { side, recipe, settings } = this;
    const via = this.via === undefined ? undefined : (await this.via.live(signal, ask)).id;
    const generation = this.#generation + 1;
    const { deadAfterMs, leaseMs, logLevel, serve } = settings;
    const request: OpenRequest = { recipe, via, generation, deadAfterMs, leaseMs, logLevel, serve };
    const facts = await side.host.open(request, signal ?? new AbortController().signal, ask);
    this.#generation = generation;
    const opened: Opened = { id: contextId(facts.id), facts, lost: undefined };
    void side.report(opened.id).promise.then((report) => {
      opened.lost = report;
    });
    this.#opened = opened;
    return opened;
  }

  /** Ends the live process. */
  async close(graceMs: number): Promise<void> {
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

  /** The error of a context that was never open. */
  notOpen(): ResproutError {
    return new ResproutError('REMOTE_LOST', `${this.recipe.name} is not open`);
  }
}
