// A thread or process as one writes it without a supervisor: it says that it is ready, gives back what it gets, and ends when it is told.
import { parentPort } from 'node:worker_threads';
import { Waits } from './unit.ts';

const stop = new AbortController();
const send = (value: unknown): void => {
  if (parentPort === null) process.send?.(value);
  else parentPort.postMessage(value);
};
(parentPort ?? process).on('message', (value: unknown) => {
  if (value === 'stop') stop.abort();
  else send(value);
});
send('ready');
await new Waits().run(stop.signal);
