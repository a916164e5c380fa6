// The first file of a process that runs a unit. When its owner is gone it tears down, for two seconds at most.
import { Socket } from 'node:net';
import { endOwnGroup } from '../../platform/process/process-group.ts';
import { realClock } from '../../platform/time/clock.ts';
import { realTurn } from '../../platform/time/turn.ts';
import { UnitDriver } from '../unit/driver.ts';
import { parseOrder, reportBytes } from '../unit/message-bytes.ts';
import type { Begin } from '../unit/messages.ts';
import { loadRuntime } from './load-runtime.ts';
import { reportsAndOrders } from './order-socket.ts';

const ORPHAN_CANCEL_MS = 1000;
const ORPHAN_MS = 2000;

const channel = reportsAndOrders(new Socket({ fd: 3, readable: true, writable: true }), onMessage, {
  onEnd: orphaned,
});
const driver = new UnitDriver({
  send: (report) => (report.kind === 'answer' ? channel.sendSoon(reportBytes(report)) : channel.send(reportBytes(report))),
  turn: () => new Promise((resolve) => realTurn.next(resolve)),
});
let isAsked = false;

function onMessage(bytes: Uint8Array): void {
  const order = parseOrder(bytes);
  if (order.kind === 'begin') void begin(order);
  else {
    isAsked = true;
    driver.onOrder(order);
  }
}

async function begin(order: Begin): Promise<void> {
  const code = await driver.begin(order, () => loadRuntime(order.runtime));
  await channel.flushed();
  process.exit(code);
}

/** Nobody will ask any more. */
function orphaned(): void {
  driver.onOrder({ kind: 'cancel' });
  realClock.after(ORPHAN_CANCEL_MS, () => driver.onOrder({ kind: 'leave' }));
  realClock.after(ORPHAN_MS, endOwnGroup);
}

process.on('SIGTERM', () => {
  driver.onOrder({ kind: isAsked ? 'leave' : 'cancel' });
  isAsked = true;
});
process.on('exit', () => channel.flush());
process.on('uncaughtException', (error) => driver.uncaught(error));
process.on('unhandledRejection', (error) => driver.uncaught(error));
