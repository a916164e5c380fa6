// Starts one of the two threads of a far process.
import { isMainThread, workerData } from 'node:worker_threads';
import { runBroker } from './broker-thread.ts';
import { runMain } from './main-thread.ts';
import type { BrokerData } from './port.ts';
import type { startProgram } from './program-thread.ts';

/** What the text is called with on the main thread. */
declare const BOOT: {
  /** The first part, as a program for the worker thread. */
  readonly text: string;
  readonly stdio: BrokerData['stdio'];
  /** Makes the second part available to `import()`. */
  readonly second: (text: string) => void;
  /** In the broker thread: calls the text of an intermediary. */
  readonly evaluate: (text: string, boot: object) => void;
};

const loadProgram = async (text: string): Promise<typeof startProgram> => {
  BOOT.second(text);
  return (await import('./program-thread.ts')).startProgram;
};

/** Runs the thread that this text was evaluated in, until the process ends. */
export function startThread(): void {
  if (isMainThread) runMain(BOOT.text, BOOT.stdio, loadProgram);
  else runBroker(workerData as BrokerData, BOOT.evaluate);
}
