// The broker thread of a runner: owns the link to the owner (fd 3) and everything that must go on while the main thread stands still. It is
// started before the program is loaded and never waited for. Invariants:
//   B1. When the link ends, this process and its group end, whatever the main thread does.
//   B2. PARK and CANCEL are in shared memory before the main thread is told.
import { realClock } from '../../platform/time/clock.ts';
import { inheritedLink } from '../../platform/links/inherited-link.ts';
import { endOwnGroup } from '../../platform/process/process-group.ts';
import { threadSelf } from '../../platform/links/thread.ts';
import { toError } from '../../base/errors/errors.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { plainError } from '../journal/runner/runner-messages.ts';
import { messageKind, type BrokerData, type ToBroker, type ToMain } from './channels/broker-messages.ts';
import type { LocalHost } from '../../remote/hosts/local-host.ts';
import { OwnerLink } from './channels/owner-link.ts';
import { SharedWords } from './channels/shared-words.ts';

/** The main thread says itself what is unfinished when the grace is over; the broker only speaks when that does not come. */
const MAIN_FIRST_MS = 200;
const LOOK_MS = 10;
/** How long contexts may take to end; the owner waits a little longer. */
const CLOSE_MS = 5000;

const self = threadSelf();
const data = self.data as BrokerData;
const words = new SharedWords(data.words);
let session: { readonly session: string; readonly env: Readonly<Record<string, string>> } | undefined;
let contexts: Promise<LocalHost> | undefined;

const toMain = (message: ToMain): void => self.port.post(message);

const graceOf = (value: unknown): number => {
  const graceMs = typeof value === 'object' && value !== null && 'graceMs' in value ? value.graceMs : undefined;
  return typeof graceMs === 'number' && graceMs >= 0 ? graceMs : 0;
};

/** The main thread could not answer within the grace: it is in a synchronous call, a loop, or asleep at its next call. */
function parkForMain(): void {
  const label = words.syncLabel;
  const unfinished = label === undefined ? [] : [{ id: -1, label }];
  owner.tell(HANDLE.PARKED, { session: session?.session ?? '', unfinished, isComplete: false });
}

/** Far processes end with their links in any case; asked first, they end in order, and their last lines reach the owner. */
async function shutDown(): Promise<void> {
  try {
    await (await contexts)?.closeAll(CLOSE_MS);
    await owner.flush();
  } finally {
    endOwnGroup();
  }
}

/** Before the program has opened anything there is nothing. */
async function tellTree(value: unknown): Promise<void> {
  const n = typeof value === 'object' && value !== null && 'n' in value ? value.n : undefined;
  owner.tell(HANDLE.TREE, { n, contexts: (await contexts)?.contexts() ?? [] });
}

function onRequest(handle: number, value: unknown): void {
  switch (handle) {
    case HANDLE.PARK: {
      const graceMs = graceOf(value);
      words.askPark();
      toMain({ t: 'park', graceMs });
      const looked = (leftMs: number): void => {
        if (words.phase === 'parked' || leftMs <= 0) parkForMain();
        else realClock.after(Math.min(leftMs, LOOK_MS), () => looked(leftMs - LOOK_MS));
      };
      looked(graceMs + MAIN_FIRST_MS);
      return;
    }
    case HANDLE.CANCEL:
      words.askCancel();
      toMain({ t: 'cancel', graceMs: graceOf(value) });
      return;
    case HANDLE.TREE:
      void tellTree(value);
      return;
    case HANDLE.SHUTDOWN:
      void shutDown();
      return;
    default:
  }
}

const owner = new OwnerLink(inheritedLink(3, 'owner'), { onRequest, onLost: () => endOwnGroup() });

self.port.onMessage((message) => {
  if (messageKind(message) === undefined) return;
  const request = message as ToBroker;
  switch (request.t) {
    case 'start':
      session = request;
      return;
    case 'contexts':
      contexts ??= import('./contexts/serve-contexts.ts').then(({ serveContexts }) =>
        serveContexts(data.contexts, owner, session?.env ?? {}),
      );
      return;
    case 'parked':
      owner.tell(HANDLE.PARKED, { session: session?.session ?? '', unfinished: request.unfinished, isComplete: true });
      return;
    case 'request':
      owner.ask(request.handle, request.value).then(
        (value) => toMain({ t: 'answer', id: request.id, value }),
        (error: unknown) => toMain({ t: 'answer', id: request.id, error: plainError(toError(error)) }),
      );
      return;
    default:
  }
});
