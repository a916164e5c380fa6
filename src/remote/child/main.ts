// Entry of the child text. The build makes two parts of it, each a function expression: the first runs in both threads of a far process,
// the second, everything that only the main thread needs, comes behind it as a frame.
import { isMainThread, workerData } from 'node:worker_threads';
import { runBroker } from './threads/broker-thread.ts';
import { runMain } from './threads/main-thread.ts';
import type { BrokerData } from './threads/port.ts';

/** What the text is called with on the main thread. */
declare const BOOT: {
  /** The first part, as a program for the worker thread. */
  readonly text: string;
  readonly stdio: BrokerData['stdio'];
  /** Makes the second part available to `import()`. */
  readonly second: (text: string) => void;
};

const loadProgram = async (text: string): Promise<typeof import('./threads/program-thread.ts').startProgram> => {
  BOOT.second(text);
  return (await import('./threads/program-thread.ts')).startProgram;
};

if (isMainThread) runMain(BOOT.text, BOOT.stdio, loadProgram);
else runBroker(workerData as BrokerData);
