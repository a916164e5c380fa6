// Entry of the child text. The build makes one text of it: a function expression that is called in both threads of a far process.
import { isMainThread, workerData } from 'node:worker_threads';
import { runBroker } from './threads/broker-thread.ts';
import { runMain } from './threads/main-thread.ts';
import type { BrokerData } from './threads/port.ts';

/** What the text is called with on the main thread: itself, and the form of its descriptors. */
declare const BOOT: { readonly text: string; readonly stdio: BrokerData['stdio'] };

if (isMainThread) runMain(BOOT.text, BOOT.stdio);
else runBroker(workerData as BrokerData);
