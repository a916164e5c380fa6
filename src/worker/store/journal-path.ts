import type { Disk } from '../../base/seams/disk.ts';
import { isSessionId } from './session-id.ts';
import type { Store } from './store.ts';

/** Folder of one run: its journal, generations of it, and the name of the one in force. */
export function runFolder(store: Store, sessionId: string): string {
  return `${store.runsFolder}/${sessionId}`;
}

/** Ids of all runs that have a folder, the newest first. */
export function runIds(store: Store, disk: Disk): readonly string[] {
  return (disk.list(store.runsFolder) ?? []).filter((name) => isSessionId(name)).sort((a, b) => (a < b ? 1 : -1));
}
