// What runs on a host: each step notes that it was tried, does its work, and notes that it is done.
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { contextInfo } from 'resprout';

export type Cause = 'host down' | 'bug' | 'full disk' | 'refused key' | 'refused ssh key' | 'timeout';

/** The step that goes wrong. */
export const FAILING = 12;

export interface Order {
  readonly folder: string;
  readonly cause: Cause;
  readonly port: number;
  /** Hosts of a sshd, for the program that reaches them by it: the third one by a key of its own. */
  readonly hosts?: readonly { readonly name: string; readonly user: string; readonly configFile: string }[];
}

export async function step(number: number, { folder, cause, port }: Order): Promise<string> {
  const key = contextInfo().idempotencyKey ?? '';
  appendFileSync(path.join(folder, 'tried.txt'), `${String(number)} ${key}\n`);
  if (number === FAILING) await work(folder, cause, port);
  appendFileSync(path.join(folder, 'done.txt'), `${String(number)}\n`);
  return `step ${String(number)}`;
}

async function work(folder: string, cause: Cause, port: number): Promise<void> {
  if (cause === 'bug' || cause === 'refused ssh key') return;
  if (cause === 'full disk') {
    appendFileSync(path.join(folder, 'disk'), 'data');
    return;
  }
  const authorization = readFileSync(path.join(folder, 'key'), 'utf8');
  // Once the cause is mended the service answers at once, and may be slow all the same.
  const timeoutMs = cause === 'timeout' ? 5000 : 60_000;
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`, { headers: { authorization }, signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`the service refuses the key: ${String(answer.status)}`);
}
