// `state.json` in the folder of a run: why it parked. The journal alone says everything that replay needs; this file is for lists.
import type { Disk } from '../../../base/seams/disk.ts';
import type { ParkedState } from '../../journal/sessions/session-store.ts';

export function writeRunState(disk: Disk, folder: string, state: ParkedState): void {
  disk.writeAtomic(`${folder}/state.json`, JSON.stringify(state), 0o600);
}

/** A file that is damaged counts as none: nothing depends on it. */
export function readRunState(disk: Disk, folder: string): ParkedState | undefined {
  const text = disk.readText(`${folder}/state.json`);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return readParkedState(value);
}

/** The state that a value is; undefined when it is none. */
export function readParkedState(value: unknown): ParkedState | undefined {
  if (typeof value !== 'object' || value === null || !('parkedMs' in value) || !('why' in value)) return undefined;
  const { parkedMs, why } = value;
  if (typeof parkedMs !== 'number' || (why !== 'signal' && why !== 'timer')) return undefined;
  const dueMs = 'dueMs' in value && typeof value.dueMs === 'number' ? value.dueMs : undefined;
  return { parkedMs, why, dueMs };
}

export function clearRunState(disk: Disk, folder: string): void {
  disk.remove(`${folder}/state.json`);
}
