// Preloaded into every program that runs under plain Node: tells of an uncaught error. A monitor changes nothing of what Node does.
import { writeSync } from 'node:fs';
import { failureText } from './failure.ts';
import { tellPlain, UNCAUGHT_MARK } from './plain-report.ts';

process.on('uncaughtExceptionMonitor', (error) => {
  tellPlain({ kind: 'uncaught', failure: failureText(error) });
  if (process.listenerCount('uncaughtException') === 0 && !process.hasUncaughtExceptionCaptureCallback()) writeSync(2, UNCAUGHT_MARK);
});
