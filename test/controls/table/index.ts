import type { Control } from '../control.ts';
import { EDGES } from './edges.ts';
import { HOSTS } from './hosts.ts';
import { JOURNAL } from './journal.ts';
import { METHODS } from './methods.ts';
import { ORDER } from './order.ts';
import { PUSH } from './push.ts';
import { REACH } from './reach.ts';
import { REPLAY } from './replay.ts';
import { STORES } from './stores.ts';
import { SUPERVISOR } from './supervisor.ts';
import { TRANSFORM, WORKER } from './worker.ts';

/** All controls. */
export const CONTROLS: readonly Control[] = [
  ...ORDER,
  ...REPLAY,
  ...EDGES,
  ...JOURNAL,
  ...METHODS,
  ...PUSH,
  ...STORES,
  ...REACH,
  ...HOSTS,
  ...SUPERVISOR,
  ...WORKER,
  ...TRANSFORM,
];
