// Which phases a session is in, told from its committed events. Several at once are normal: each context is at a place of its own.
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import type { Phase } from './plan.ts';

/** The phase that a call belongs to while it has no result; undefined for calls of no phase. */
function phaseOfCall(fn: string): Phase | undefined {
  if (fn.startsWith('open ')) return 'connecting';
  if (fn.includes('#')) return 'calls in flight';
  return fn.includes('writeFile') ? 'writing' : undefined;
}

export class PhaseTracker {
  readonly #open = new Map<number, Phase>();
  #isStarted = false;

  take(event: JournalEvent): void {
    switch (event.t) {
      case 'start':
        this.#isStarted = true;
        return;
      case 'call': {
        const phase = phaseOfCall(event.fn);
        if (phase !== undefined) this.#open.set(event.id, phase);
        return;
      }
      case 'timer':
        this.#open.set(event.id, 'sleeping');
        return;
      case 'done':
        this.#open.delete(event.id);
        return;
      case 'sync':
      case 'open':
      case 'effect':
      case 'event':
      case 'hop':
      case 'cb':
      case 'signal':
      case 'cancel':
      case 'build':
      case 'rewind':
      case 'fork':
      case 'given':
      case 'end':
        return;
    }
  }

  /** All phases of this moment; empty between two of them. */
  get phases(): readonly Phase[] {
    return this.#isStarted ? [...new Set(this.#open.values())] : ['before the first commit'];
  }
}
