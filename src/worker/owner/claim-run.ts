import { realClock } from '../../platform/time/clock.ts';
import { hostFacts } from '../../platform/process/host-facts.ts';
import type { SessionOptions } from '../run-options.ts';
import { ownerFolder, ownerSocketPath } from './owner-folder.ts';
import { claim, type Claim } from './owner-socket.ts';

type ClaimRunOptions = Pick<SessionOptions, 'command'> & { readonly takeOver?: boolean | undefined };

/** Becomes the owner of a run folder. @throws ResproutError SESSION_HELD, STORE_UNSAFE */
export function claimRun(folder: string, sessionId: string, options: ClaimRunOptions): Promise<Claim> {
  const info = { pid: hostFacts().pid, sinceMs: realClock.wallMs(), command: options.command };
  const path = ownerSocketPath(ownerFolder(), folder);
  return claim({ path, info, sessionId, clock: realClock, takeOver: options.takeOver });
}
