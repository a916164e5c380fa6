import type { ContextId } from '../../../../base/brand.ts';
import type { Link } from '../../../../base/seams/link.ts';

/** A link to a child, with the ids that are known to be below it. */
export class Edge {
  readonly link: Link;
  /** The child at the other end. */
  readonly id: ContextId;
  /** The child and everything below it. */
  readonly ids: Set<ContextId>;
  ended = false;
  /** Bytes that have come from it. */
  arrivedBytes = 0;
  /** Answers that it asked for and that its link has not taken, bytes. */
  unreadBytes = 0;
  /** Counts a frame of it that is none it may send. */
  refused: ((handle: number) => void) | undefined;
  /** Told when a context further below is gone while the child lives. */
  gone: ((id: ContextId) => void) | undefined;

  /** Why this side has ended the link; undefined when it did not. */
  endedBecause: string | undefined;

  constructor(link: Link, id: ContextId) {
    this.link = link;
    this.id = id;
    this.ids = new Set([id]);
  }

  /** Ends the link for what was seen on it. */
  end(reason: string): void {
    this.endedBecause ??= reason;
    this.link.close(reason);
  }
}
