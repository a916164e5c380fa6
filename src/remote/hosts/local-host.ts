// The host of a process whose broker and program share one thread: plain programs and the command line. It is the controller.
import { contextId, type ContextId } from '../../base/brand.ts';
import type { ContextState } from '../../base/context-state.ts';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import type { Disk } from '../../base/seams/disk.ts';
import type { Random } from '../../base/seams/random.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { bootTexts } from '../boot-text.ts';
import { FIRST_MAIN_HANDLE } from '../child/core/messages/mailboxes.ts';
import type { Message } from '../child/core/messages/messages.ts';
import { Router } from '../child/core/routing/router.ts';
import { HostBroker } from './host-broker.ts';
import type { Host, HostParts, LostReport } from './host.ts';
import { ContextIds } from './context-ids.ts';

/** The outside of a local host. */
export interface LocalHostSeams {
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: Disk;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The id of its first context; 1 when absent. One that nobody else begins with, where contexts may be handed to another program. */
  readonly firstId?: number;
}

/** A host that can be closed with everything that it opened. */
export interface LocalHost extends Host {
  /** Closes all contexts. */
  closeAll(graceMs: number): Promise<void>;
  /** The router, for tests and for processes that have other links too. */
  readonly router: Router;
  /** The open contexts, in the order in which they were opened. */
  contexts(): readonly ContextState[];
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Makes the host of a controller. */
export function localHost(parts: HostParts, seams: LocalHostSeams): LocalHost {
  let onMessage: ((message: Message) => void) | undefined;
  let onLost: ((id: ContextId, report: LostReport) => void) | undefined;
  let held: TimerHandle | undefined;
  const id = contextId(0);
  const toProgram = (message: Message): void => {
    broker.received(message);
    onMessage?.(message);
  };
  const router = new Router({
    id,
    ancestors: [],
    unidirectional: true,
    clock: seams.clock,
    toMain: (message) => {
      if (message.handle < FIRST_MAIN_HANDLE) return false;
      toProgram(message);
      return true;
    },
  });
  for (const handle of [HANDLE.CHANNEL_CREDIT, HANDLE.ABORT]) router.on(handle, 'child', toProgram);
  const broker = new HostBroker({
    ...parts,
    ...seams,
    router,
    ancestors: [],
    ids: new ContextIds(seams.firstId),
    boot: bootTexts(seams.disk),
    onLost: (lost, report) => onLost?.(lost, report),
    toProgram,
  });
  return {
    id,
    router,
    open: (request, signal, ask) => broker.open(request, signal, ask),
    close: (context, graceMs) => broker.close(context, graceMs),
    detach: (context, request) => broker.detach(context, request),
    closeAll: (graceMs) => broker.closeAll(graceMs),
    contexts: () => broker.contexts(),
    send: (message, ships) => broker.send(message, ships),
    onMessage: (handler) => {
      onMessage = handler;
    },
    onLost: (handler) => {
      onLost = handler;
    },
    hold: (isBusy) => {
      held?.clear();
      held = isBusy ? seams.clock.after(LONGEST_TIMER_MS, () => {}) : undefined;
    },
  };
}
