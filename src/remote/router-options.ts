import type { ContextId } from '../base/brand.ts';
import type { Clock } from '../base/clock.ts';
import type { Link } from '../base/link.ts';
import type { LogSink } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Ask } from './connect/ask.ts';
import type { ModuleServer } from '../base/build.ts';

/** What a router of a controller, of a runner's broker or of an intermediary is made of. */
export interface RouterOptions {
  /** 0 for the controller, otherwise the id given by the parent. */
  readonly id: ContextId;
  /** Ancestors, nearest first; empty for the controller. */
  readonly ancestors: readonly ContextId[];
  /** The link to the parent; absent for the controller. Frames that have no route go there. */
  readonly parent?: Link | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Answers late modules and closures for contexts that this process opened. A runner's broker asks the owner over the parent link. */
  readonly modules: ModuleServer;
  readonly log: LogSink;
  readonly ask?: Ask | undefined;
  /** Forbids traffic between two contexts of which neither is an ancestor of the other; on unless said otherwise. */
  readonly unidirectional?: boolean | undefined;
}
