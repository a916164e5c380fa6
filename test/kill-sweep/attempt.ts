// Runs one owner process to its end and reads what it left.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Order, StrikeRecord } from './owner.ts';

export interface Ending {
  readonly state?: 'done' | 'failed' | 'cancelled' | 'parked' | 'lost';
  readonly value?: unknown;
  readonly failure?: { readonly name: string; readonly message: string; readonly code?: string };
  readonly problem?: string;
  readonly events?: number;
  readonly replayed?: number;
  readonly thrown?: string;
  readonly code?: string;
}

export interface Attempt {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly ending: Ending | undefined;
  readonly strikes: readonly StrikeRecord[];
  readonly tookMs: number;
}

const LIMIT_MS = 180_000;
let serial = 0;

/**
 * @param workFolder where order, result and strikes of this attempt are kept
 * @param env laid over the environment of the owner
 */
export async function attempt(
  workFolder: string,
  order: Omit<Order, 'strikeFile' | 'resultFile'>,
  env: Record<string, string> = {},
): Promise<Attempt> {
  const base = path.join(workFolder, `attempt-${++serial}`);
  const whole: Order = { ...order, strikeFile: `${base}.strikes`, resultFile: `${base}.result` };
  writeFileSync(`${base}.order`, JSON.stringify(whole));
  const startedMs = performance.now();
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'owner.ts'), `${base}.order`], {
    cwd: order.folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (...end) => resolve(end)),
  );
  clearTimeout(limit);
  const tookMs = performance.now() - startedMs;
  if (tookMs > LIMIT_MS) output += `\nended by the sweep after ${LIMIT_MS} ms`;
  return {
    exitCode,
    signal,
    output,
    ending: existsSync(whole.resultFile) ? (JSON.parse(readFileSync(whole.resultFile, 'utf8')) as Ending) : undefined,
    strikes: existsSync(whole.strikeFile)
      ? readFileSync(whole.strikeFile, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as StrikeRecord)
      : [],
    tookMs,
  };
}
