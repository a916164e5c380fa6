import type { Site } from '../../base/site.ts';
import type { CallFrame } from '../../platform/engine/call-sites.ts';

/** Where a call was asked for, when it is made later than that. */
export interface CallOrigin {
  /** What finds the function in a plain process. */
  readonly frames: readonly CallFrame[];
  /** Its stack is shown below the far one. */
  readonly place: Error;
  /** What a session shows as its line. */
  readonly site: Site | undefined;
}
