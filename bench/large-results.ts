// What does a large result cost on its way from the program to the disk and back into the program?
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { each, inTurn, type Bench } from './support/bench.ts';
import { takeOrders } from './support/orders.ts';
import { runAlone } from './support/run-alone.ts';
import { startSession } from './support/session.ts';
import { workFolder } from './support/work-folder.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/steps.ts');
const RESULT_BYTES = 1_000_000;
const RESULTS = 5;
const SLICES = 15;

export const bench: Bench = {
  name: 'large-results',
  question: 'What does a large result cost?',
  async run() {
    using folder = workFolder();
    const file = path.join(folder.path, 'touched');
    writeFileSync(file, '');
    const socket = path.join(folder.path, 'orders');
    const session = startSession(PROGRAM, folder.path, { orders: socket, file });
    using orders = await takeOrders(socket, session.lost);
    const fd = openSync(path.join(folder.path, 'floor'), 'w');
    const bytes = new Uint8Array(RESULT_BYTES).fill(120);
    const floor = (): void => {
      for (let count = 0; count < RESULTS; count++) {
        createHash('sha256').update(bytes).digest();
        writeSync(fd, bytes, 0, bytes.length, count * bytes.length);
        fsyncSync(fd);
      }
    };
    const taken = await inTurn(SLICES, { ours: () => orders.run('large', RESULTS), theirs: floor }, 2);
    closeSync(fd);
    await orders.end();
    const result = await session.result;
    if (result.state !== 'done') throw new Error(`the session is ${result.state}`);
    const ms = (samples: readonly number[]): number[] => samples.map((one) => each(one, RESULTS, 'ms'));
    return [
      {
        figure: 'a result of 1 MB, recorded and decoded',
        unit: 'ms',
        ours: ms(taken.ours),
        peer: 'SHA-256, write and sync of the same bytes',
        theirs: ms(taken.theirs),
      },
    ];
  },
};

if (import.meta.main) await runAlone(bench);
