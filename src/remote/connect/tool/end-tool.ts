import type { Clock } from '../../../base/seams/clock.ts';
import type { ChildHandle } from '../../../base/seams/spawner.ts';
import { within } from './within.ts';

const GRACE_MS = 500;
const KILLED_LIMIT_MS = 5000;

/**
 * Ends a process and its group: SIGTERM, SIGKILL after 500 ms. Resolves when the process has ended, after 5 s at the latest: one that
 * sleeps in the system cannot be ended by anybody. Twice is fine.
 */
export async function endTool(child: ChildHandle, clock: Clock): Promise<void> {
  child.signal('SIGTERM', 'group');
  if (await within(child.exited, GRACE_MS, clock)) return;
  child.signal('SIGKILL', 'group');
  await within(child.exited, KILLED_LIMIT_MS, clock);
}
