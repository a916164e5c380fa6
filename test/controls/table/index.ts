import type { Control } from '../control.ts';
import { EDGES } from './edges.ts';
import { JOURNAL } from './journal.ts';
import { ORDER } from './order.ts';
import { REACH } from './reach.ts';
import { REPLAY } from './replay.ts';
import { STORES } from './stores.ts';
import { TRANSFORM, WORKER } from './worker.ts';

/** All controls. */
export const CONTROLS: readonly Control[] = [...ORDER, ...REPLAY, ...EDGES, ...JOURNAL, ...STORES, ...REACH, ...WORKER, ...TRANSFORM];
