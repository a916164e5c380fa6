import type { ContextId } from '../../base/brand.ts';
import type { ModuleServer } from '../../base/builds/build.ts';
import type { Clock } from '../../base/seams/clock.ts';
import type { LogSink } from '../../base/seams/log.ts';
import type { Random } from '../../base/seams/random.ts';
import type { TextPart } from '../boot-text.ts';
import type { Message } from '../child/core/messages/messages.ts';
import type { Router } from '../child/core/routing/router.ts';
import type { Ask } from '../connect/index.ts';
import type { ContextIds } from './context-ids.ts';
import type { LostReport } from './host.ts';

/** What the broker's side needs. */
export interface HostBrokerParts {
  readonly router: Router;
  readonly ancestors: readonly ContextId[];
  readonly ids: ContextIds;
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The compressed texts. */
  readonly boot: (part: TextPart) => Uint8Array;
  readonly modules: ModuleServer;
  readonly log: LogSink;
  readonly ask?: Ask | undefined;
  /** Told once for each context that is gone. */
  readonly onLost: (id: ContextId, report: LostReport) => void;
  /** An answer that this side makes itself for a mailbox of the program. */
  readonly toProgram: (message: Message) => void;
}
