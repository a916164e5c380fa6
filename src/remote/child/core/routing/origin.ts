import type { ContextId } from '../../../../base/brand.ts';
import type { Edge } from './edge.ts';

/** Where a message came from: decided by the link. */
export interface Origin {
  readonly auth: ContextId;
  /** The child edge; undefined for the parent and for this process itself. */
  readonly edge: Edge | undefined;
}
