// The worker API of a package that is wrong on purpose, in one way: `broken-worker.ts?fault=NAME&worker=URL of the true one`.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as Worker from '../../../src/worker.ts';

/** What can be wrong. */
export type Fault =
  | 'other value'
  | 'other exit code'
  | 'more text'
  | 'text again'
  | 'text lost'
  | 'file in a replay'
  | 'hang'
  | 'effect again'
  | 'file left out'
  | 'divergence'
  | 'value of a replay'
  | 'loss';

const parameters = new URL(import.meta.url).searchParams;
const fault = parameters.get('fault') as Fault;
const real = (await import(parameters.get('worker') ?? '')) as typeof Worker;

export const { spawnRunner } = real;

/** The folder that a program runs in lies beside its store. */
const folderOf = ({ storeFolder }: Worker.SessionOptions): string => path.join(storeFolder, '..', 'folder');

function print(options: Worker.SessionOptions, text: string): void {
  options.output?.stdout.write(Buffer.from(text));
}

function thrown(code: string): Error {
  return Object.assign(new Error(`${code} on purpose`), { code });
}

export async function runSession(options: Worker.RunOptions): Promise<Worker.RunResult> {
  if (fault === 'hang') return await new Promise(() => undefined);
  if (fault === 'more text') print(options, 'not of the program\n');
  const result = await real.runSession(options);
  if (fault === 'other value') return { ...result, value: 'another value' };
  if (fault === 'other exit code') return { ...result, exitCode: 7 };
  if (fault === 'file left out') writeFileSync(path.join(options.folder, 'ledger.txt'), '');
  return result;
}

export async function resumeSession(options: Worker.ResumeOptions): Promise<Worker.RunResult> {
  if (fault === 'loss') throw thrown('LIVE_OBJECT_LOST');
  if (fault === 'effect again') {
    const ledger = path.join(folderOf(options), 'ledger.txt');
    const [first = ''] = readFileSync(ledger, 'utf8').split(/(?<=\n)/);
    appendFileSync(ledger, first);
  }
  if (fault === 'text again') print(options, 'first\n');
  const result = await real.resumeSession(fault === 'text lost' ? { ...options, output: undefined } : options);
  return fault === 'value of a replay' ? { ...result, value: 'what only a replay gives' } : result;
}

export async function replaySession(options: Worker.ReplayOptions): Promise<Worker.RunResult> {
  if (fault === 'divergence') throw thrown('JOURNAL_DIVERGED');
  if (fault === 'file in a replay') writeFileSync(path.join(folderOf(options), 'made.txt'), '');
  return await real.replaySession(options);
}
