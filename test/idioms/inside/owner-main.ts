// An owner process: runs the sessions that the driver orders through the public API of the package under test, one after the other, until
// a kill takes it. `node owner-main.mjs PACKAGE WORKER`: folder of a built package, and path or URL of the module with its worker API.
import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type * as RowCodec from '../../../src/durable/journal/events/row-codec.ts';
import type { JournalRow, JournalStore } from '../../../src/durable/journal/journal-store.ts';
import type * as Testing from '../../../src/testing.ts';
import type * as Worker from '../../../src/worker.ts';
import { canonical } from './canonical.ts';
import { cutStore, type CutStore } from './cut-store.ts';
import { failureText } from './failure.ts';
import type { Ending, Order, RecordedEvent } from './orders.ts';

const [, , packageFolder = '', workerModule = ''] = process.argv;
const load = async (file: string): Promise<unknown> => await import(file.startsWith('file:') ? file : pathToFileURL(file).href);
const worker = (await load(workerModule)) as typeof Worker;
const { stopAfterEvent } = (await load(`${packageFolder}/dist/testing.js`)) as typeof Testing;
const rowCodec = (await load(`${packageFolder}/dist/durable/journal/events/row-codec.js`)) as typeof RowCodec;

interface FileOutput extends Worker.ByteOutput, Disposable {}

/** Appends what it is given to a file at once: a kill takes nothing that has arrived here. */
function outputTo(file: string): FileOutput {
  let fd: number | undefined = openSync(file, 'a');
  return {
    write: (bytes) => {
      if (fd !== undefined) writeSync(fd, bytes);
      return true;
    },
    once: () => undefined,
    [Symbol.dispose]: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function killBoth(runnerPid: number | undefined): void {
  if (runnerPid !== undefined) process.kill(runnerPid, 'SIGKILL');
  process.kill(process.pid, 'SIGKILL');
}

function eventsOf(rows: readonly JournalRow[]): RecordedEvent[] {
  return rows.flatMap(({ bytes, count }) =>
    rowCodec.decodeRowBytes(bytes, count).map((event) => ({
      t: event.t,
      ...('id' in event ? { id: event.id } : {}),
      ...('object' in event ? { object: event.object } : {}),
      ...('name' in event ? { name: event.name } : {}),
    })),
  );
}

async function carryOut(order: Order, notes: string[]): Promise<Ending> {
  const spawnedRunner = worker.spawnRunner(order.hasInput ? { stdin: 'inherit' } : {});
  const runnerPid = spawnedRunner.child.pid;
  let cut: CutStore | undefined;
  let recorded: readonly RecordedEvent[] | undefined;
  using stdout = outputTo(order.stdoutFile);
  using stderr = outputTo(order.stderrFile);
  const wrapStore = async (store: JournalStore): Promise<JournalStore> => {
    if (order.stage === 'resume' || order.stage === 'again') {
      const rows: JournalRow[] = [];
      for await (const row of store.rows(order.sessionId)) rows.push(row);
      recorded = eventsOf(rows);
    }
    if (order.stage === 'again') return (cut = cutStore(store, rowCodec)).store;
    return order.killAfter === undefined ? store : stopAfterEvent(store, order.killAfter, () => killBoth(runnerPid));
  };
  const shared = {
    storeFolder: order.storeFolder,
    sessionId: order.sessionId,
    env: order.env,
    command: 'idioms',
    spawnedRunner,
    wrapStore,
    output: { stdout, stderr },
    observer: {
      on: (event: Worker.RunEvent): void => {
        if (event.type === 'note') notes.push(event.text);
      },
    },
  };
  const { file, folder, argv } = order;
  const result = await (order.stage === 'run'
    ? worker.runSession({ ...shared, file, folder, argv, data: undefined })
    : order.stage === 'replay'
      ? worker.replaySession(shared)
      : worker.resumeSession(shared));
  return {
    state: result.state,
    exitCode: result.exitCode,
    events: result.events,
    notes,
    ...(result.state === 'done' ? { value: canonical(result.value) } : {}),
    ...(result.failure === undefined ? {} : { failure: failureText(result.failure.error) }),
    ...(result.problem === undefined ? {} : { problem: failureText(result.problem) }),
    ...(cut === undefined ? {} : { appended: eventsOf(cut.appended).map(({ t }) => t) }),
    ...(recorded === undefined ? {} : { recorded }),
  };
}

process.on('message', (order: Order) => {
  const notes: string[] = [];
  carryOut(order, notes).then(
    (ending) => process.send?.(ending),
    (error: unknown) => process.send?.({ problem: failureText(error), notes } satisfies Ending),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
