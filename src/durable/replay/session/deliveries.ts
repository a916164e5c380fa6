// To whom each delivery of the journal goes.
import type { DeliveryEvent, SignalEvent } from '../../journal/events/event.ts';
import type { Imports } from '../calls/imports.ts';
import type { Listeners } from '../live/listeners.ts';
import type { Hops } from '../objects/hops.ts';
import type { Objects } from '../objects/objects.ts';
import type { ProcessEvents } from './process-events.ts';
import type { SessionParts } from './session-parts.ts';

/** Who takes deliveries. */
export interface DeliveryHost extends Pick<SessionParts, 'outstanding' | 'channels' | 'results' | 'enter'> {
  readonly listeners: Listeners;
  readonly objects: Objects;
  readonly hops: Hops;
  readonly imports: Imports;
  readonly processEvents: ProcessEvents;
  readonly onSignal: ((event: SignalEvent, value: unknown) => void) | undefined;
  /** The session is cancelled. */
  cancelled(): void;
}

/** The deliveries of one session. */
export class Deliveries {
  readonly #host: DeliveryHost;

  constructor(host: DeliveryHost) {
    this.#host = host;
  }

  /** Whether what a recorded delivery ends was begun again; work that is only a place in the order has no issue that says so. */
  isBegun(event: DeliveryEvent): boolean {
    return event.t !== 'hop' || this.#host.hops.isBegun(event.object);
  }

  /** Whether a recorded delivery can be given: not while what it delivers is still being loaded or computed. */
  isReady(event: DeliveryEvent): boolean {
    if (event.t === 'hop') return this.#host.hops.isReady(event.object);
    return event.t !== 'done' || this.#host.imports.isLoaded(event.id);
  }

  /** Gives it to the program. @returns false when nobody waits for it: the history belongs to another program */
  give(event: DeliveryEvent, live: object | undefined): boolean {
    const { objects, hops, listeners, channels } = this.#host;
    switch (event.t) {
      case 'done':
        return this.#done(event, live);
      case 'event':
        return objects.deliver(event.object, event.name, event.value);
      case 'hop':
        return hops.deliver(event.object);
      case 'cb':
        listeners.heard(event.id);
        return channels.deliver(event, live);
      case 'signal':
        this.#signal(event);
        return true;
      case 'cancel':
        this.#host.cancelled();
        return true;
      case 'end':
        return true;
    }
  }

  #done(event: Extract<DeliveryEvent, { t: 'done' }>, live: object | undefined): boolean {
    const { outstanding } = this.#host;
    const call = outstanding.take(event.id);
    if (call === undefined) return outstanding.wasCancelled(event.id);
    call.settle(event, live);
    return true;
  }

  /** A signal of the machine goes to the program's listeners, everything else to whoever waits for it. */
  #signal(event: SignalEvent): void {
    const host = this.#host;
    const value = host.results.read(event.value);
    if (!event.name.startsWith('SIG')) host.onSignal?.(event, value);
    else host.enter(() => host.processEvents.emit(event.name, event.name, value));
  }
}
