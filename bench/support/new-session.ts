import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { takeOrders } from './orders.ts';
import { startSession } from './session.ts';
import { workFolder } from './work-folder.ts';

const PROGRAM = path.join(import.meta.dirname, '../programs/steps.ts');

/** What the first steps of a session took. */
export interface NewSession {
  /** From the order to the last step. */
  readonly tookMs: number;
  readonly commits: number;
  /** Mean of a commit. */
  readonly bytes: number;
}

/** One new session in a store of its own. */
export async function newSession(kind: 'sequential' | 'fan-out', steps: number): Promise<NewSession> {
  using folder = workFolder();
  const file = path.join(folder.path, 'touched');
  writeFileSync(file, '');
  const socket = path.join(folder.path, 'orders');
  const session = startSession(PROGRAM, folder.path, { orders: socket, file });
  using orders = await takeOrders(socket, session.lost);
  const tookMs = await orders.run(kind, steps);
  const { commits, bytes } = session.committed;
  await orders.end();
  const result = await session.result;
  if (result.state !== 'done') throw new Error(`the session is ${result.state}`);
  return { tookMs, commits, bytes: Math.round(bytes / commits) };
}
