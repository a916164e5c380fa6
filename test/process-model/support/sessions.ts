// Sessions of test/process-model/programs with real owner processes.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openStore, readSession, type JournalEvent } from '../../../src/worker.ts';
import type { Order } from '../../worker/support/owner-process.ts';
import { Owner } from '../../worker/support/harness.ts';

export const SESSION = 'ses_01m86ak2dbn1cm6kytd3q47vkc';

export interface Kind {
  readonly kind: string;
  readonly count?: number;
}

/** The file that the programs write. */
export const effectFile = (folder: string): string => path.join(folder, 'file.txt');
/** Folder of the run, where the journal is. */
export const runFolder = (folder: string): string => path.join(folder, 'store', 'runs', SESSION);

export function orderOf(mode: Order['mode'], folder: string, data: Kind, more: object = {}): Order {
  const file = effectFile(folder);
  if (!existsSync(file)) writeFileSync(file, '0');
  const program = path.resolve(import.meta.dirname, '../programs/phases.ts');
  const storeFolder = path.join(folder, 'store');
  return { mode, options: { file: program, folder, storeFolder, sessionId: SESSION, data: { file, ...data }, graceMs: 1000, ...more } };
}

const owners: Owner[] = [];

/** Ends owners that a test which failed has left. */
export function endOwners(): void {
  for (const { child } of owners.splice(0)) child.kill('SIGKILL');
}

/** An owner whose program has begun. */
export async function started(folder: string, data: Kind, more: object = {}): Promise<Owner> {
  const owner = new Owner(orderOf('run', folder, data, more), folder);
  owners.push(owner);
  await owner.wrote(`begins ${data.kind}`);
  return owner;
}

/** The journal, checked from its first row to its last. */
export async function eventsIn(folder: string): Promise<readonly JournalEvent[]> {
  return (await readSession(openStore({ folder: path.join(folder, 'store'), create: false }), SESSION)).events;
}
