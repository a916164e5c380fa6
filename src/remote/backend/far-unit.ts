// The far half of a unit in a context: a module that travels when it is used, to a process that runs this unit alone.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UnitDriver } from '../../supervisor/unit/driver.ts';
import type { Answer, Begin, CallOrder, Order, Report, UnitCall } from '../../supervisor/unit/messages.ts';

/** How this module is called in the far process: what stands before is the folder of all that was sent. */
const OWN = 'own/resprout/unit.js';

/** The module is there. */
export function arrive(): true {
  return true;
}

/** Loads a Runtime from what was sent. */
async function load({ build, file, label, path }: Begin['runtime']): Promise<unknown> {
  const sent = fileURLToPath(import.meta.url).slice(0, -OWN.length);
  let value: unknown = await import(pathToFileURL(`${sent}${build}${file}`).href);
  for (const name of path) {
    if (!Object.hasOwn(value as object, name)) throw new Error(`${label} is not there: the file has no export ${path.join('.')}`);
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** The one that this process runs. */
let running: UnitDriver | undefined;

/** Calls a method of the unit that runs here. */
export async function callUnit(call: UnitCall, signal: AbortSignal | undefined): Promise<Answer> {
  if (running === undefined) throw new Error('no unit runs here');
  return await running.call(call, signal);
}

/** Runs one life and gives its reports; the orders come in meanwhile. */
export async function* runUnit(begin: Begin, orders: AsyncIterable<Exclude<Order, Begin | CallOrder>>): AsyncGenerator<Report, void> {
  const waiting: Report[] = [];
  let wake = (): void => {};
  let isOver = false;
  const driver = new UnitDriver({
    send: (report) => {
      waiting.push(report);
      wake();
    },
    turn: () => new Promise((resolve) => void setImmediate(resolve)),
  });
  running = driver;
  const onUncaught = (error: unknown): void => driver.uncaught(error);
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
  process.on('SIGTERM', () => driver.onOrder({ kind: 'cancel' }));
  const listen = async (): Promise<void> => {
    for await (const order of orders) driver.onOrder(order);
  };
  // The end of the orders is the end of the owner, of which the process hears by its link.
  void listen().catch(() => {});
  void driver
    .begin(begin, () => load(begin.runtime))
    .then(() => {
      isOver = true;
      wake();
    });
  for (;;) {
    const report = waiting.shift();
    if (report !== undefined) yield report;
    else if (isOver) return;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
