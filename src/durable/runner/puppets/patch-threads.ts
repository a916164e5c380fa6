// Objects of a session that have a half outside, or none at all, one line each. Their originals are taken when their files load.
import type { Patcher } from '../globals/patch.ts';
import { patchPorts } from './ports/patch.ts';
import { patchRefusedClasses } from './refused-classes.ts';
import { patchSqlite } from './sqlite/patch.ts';
import { patchWebSocket } from './websocket/patch.ts';
import { patchWorkers } from './worker/patch.ts';

/** Patches them. */
export function patchThreads(patcher: Patcher): void {
  patchPorts(patcher);
  patchSqlite(patcher);
  patchWorkers(patcher);
  patchWebSocket(patcher);
  patchRefusedClasses(patcher);
}
