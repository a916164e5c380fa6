// The first file of a thread that runs a unit.
import { parentPort, workerData } from 'node:worker_threads';
import { realTurn } from '../../platform/time/turn.ts';
import { UnitDriver } from '../unit/driver.ts';
import { parseOrder, reportBytes } from '../unit/message-bytes.ts';
import { loadRuntime } from './load-runtime.ts';
import { postPacked, unpacked } from './packed.ts';
import { SendBatch } from './send-batch.ts';

const port = parentPort;
if (port === null) throw new Error('this is the first file of a thread');
const batch = new SendBatch((reports) => postPacked(port, reports));
const driver = new UnitDriver({
  send: (report) => (report.kind === 'answer' ? batch.sendSoon(reportBytes(report)) : batch.send(reportBytes(report))),
  turn: () => new Promise((resolve) => realTurn.next(resolve)),
});
// Listening keeps the thread alive: a run that waits for its signal needs nothing else.
port.on('message', (orders: unknown) => {
  for (const bytes of unpacked(orders)) {
    const order = parseOrder(bytes);
    if (order.kind !== 'begin') driver.onOrder(order);
  }
});
process.on('exit', () => batch.flush());
process.on('uncaughtException', (error) => driver.uncaught(error));
process.on('unhandledRejection', (error) => driver.uncaught(error));
const first = parseOrder(workerData as Uint8Array);
if (first.kind !== 'begin') throw new Error('this thread was not told what to run');
process.exit(await driver.begin(first, () => loadRuntime(first.runtime)));
