// What stays of ended sessions when nobody says otherwise: the setting `retention` of the file beside the store (docs/settings.md).
import path from 'node:path';
import { readProjectSettings } from '../../modules/project/project-settings.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { realClock } from '../../platform/time/clock.ts';
import { ENDED_STATES, removeBuilds, removeUnchanged } from './remove-sessions.ts';
import type { Store } from './store.ts';

/** A command ends at most so much later for it. What is left goes with the next ones, or by `prune`. */
const WORK_MS = 200;
/** Builds are looked at once a day: younger ones stay anyway. */
const BUILDS_EVERY_MS = 24 * 3_600_000;

/**
 * Removes ended sessions that the store's settings do not keep, within a fifth of a second.
 * @returns how many went @throws ResproutError CONFIG_INVALID, and nothing went
 */
export async function retainSessions(store: Store, command: string): Promise<number> {
  const { retention } = readProjectSettings(createDisk(), path.dirname(store.folder));
  if (retention === undefined) return 0;
  const untilMs = realClock.monotonicMs() + WORK_MS;
  const ended = await store.sessions.ended();
  const tooMany = ended.length - (retention.atMost ?? ended.length);
  const before = retention.olderThanMs === undefined ? Number.NEGATIVE_INFINITY : realClock.wallMs() - retention.olderThanMs;
  let removed = 0;
  for (const [i, { id, lastMs }] of ended.entries()) {
    if ((i >= tooMany && lastMs >= before) || realClock.monotonicMs() > untilMs) break;
    const info = await store.sessions.info(id);
    const isStill = info !== undefined && ENDED_STATES.includes(info.state) && info.lastMs === lastMs;
    if (isStill && (await removeUnchanged(store, info, command))) removed++;
  }
  if (removed > 0) await removeBuildsDaily(store, untilMs);
  return removed;
}

async function removeBuildsDaily(store: Store, untilMs: number): Promise<void> {
  const disk = createDisk({ sync: false });
  const mark = `${store.buildsFolder}/.looked`;
  const lookedMs = disk.stat(mark)?.modifiedMs ?? 0;
  const leftMs = untilMs - realClock.monotonicMs();
  if (leftMs <= 0 || realClock.wallMs() - lookedMs < BUILDS_EVERY_MS) return;
  const limit = new AbortController();
  const timer = realClock.after(leftMs, () => limit.abort());
  try {
    await removeBuilds(store, limit.signal);
    if (!limit.signal.aborted) disk.writeAtomic(mark, '');
  } finally {
    timer.clear();
  }
}
