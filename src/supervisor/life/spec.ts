import type { OwnerSteps } from '../contract/check-runtime.ts';
import type { Readiness } from '../contract/options.ts';
import type { LifeState } from '../contract/states.ts';
import type { Place, PlaceSettings } from '../places/place.ts';
import type { RuntimeAddress } from '../unit/messages.ts';

/** What a life is made of. */
export interface LifeSpec {
  readonly name: string;
  /** Number of this life, from 1. */
  readonly life: number;
  readonly runtime: RuntimeAddress;
  readonly steps: OwnerSteps;
  readonly args: unknown;
  readonly place: () => Place | Promise<Place>;
  readonly settings: PlaceSettings;
  readonly ready: Readiness;
  readonly times: {
    readonly drainMs: number;
    readonly startMs: number;
    readonly cancelMs: number;
    readonly leaveMs: number;
    readonly killMs: number;
  };
  /** Whether it is called by a group: then there may be calls to wait for. */
  readonly takesCalls: boolean;
  /** Frames of the program that declared the unit. */
  readonly declared: string;
}

/** Who hears of a life. Must not throw. */
export interface LifeListener {
  onState(state: LifeState): void;
  /** It said that it is alive. */
  onAlive(): void;
}
