// Preloaded into every program that runs under plain Node: tells of an uncaught error. A monitor changes nothing of what Node does.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { failureText } from './failure.ts';
import { tellPlain, UNCAUGHT_MARK } from './plain-report.ts';

// The program, and what it forks, must not see how it was started.
process.execArgv.length = 0;

if (isMainThread)
  process.on('uncaughtExceptionMonitor', (error) => {
    tellPlain({ kind: 'uncaught', failure: failureText(error) });
    if (process.listenerCount('uncaughtException') === 0 && !process.hasUncaughtExceptionCaptureCallback()) writeSync(2, UNCAUGHT_MARK);
  });
