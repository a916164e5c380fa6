// What a supervisor needs of layers above it. The public entry registers it.
import { ResproutError } from '../../base/errors/errors.ts';
import type { CallFrame } from '../../platform/engine/call-sites.ts';
import type { Place } from '../places/place.ts';
import type { RuntimeAddress } from '../unit/messages.ts';

/** Ways to find Runtimes, and to run them elsewhere. */
export interface SuperviseParts {
  /**
   * Where a Runtime is exported. @param via the class itself, or the function run of the object
   * @throws ResproutError RUNTIME_INVALID, REMOTE_FUNCTION_NOT_TOP_LEVEL, REMOTE_MAIN_UNGUARDED, REMOTE_SOURCE_CHANGED
   */
  locate(runtime: object, via: (...args: never) => unknown, frames: readonly CallFrame[]): Promise<RuntimeAddress>;
  /** The place that an open context is; undefined for anything else. */
  contextPlace(context: object): Place | undefined;
}

let registered: SuperviseParts | undefined;

/** Says how Runtimes are found. Called by the public entry. */
export function setSuperviseParts(parts: SuperviseParts): void {
  registered = parts;
}

/** @throws ResproutError INTERNAL */
export function superviseParts(): SuperviseParts {
  if (registered !== undefined) return registered;
  throw new ResproutError('INTERNAL', 'nothing finds Runtimes in this process', { do: 'Import the package by its public entry' });
}
