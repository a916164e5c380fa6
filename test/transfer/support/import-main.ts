// `node import-main.ts STORE FILE [AFTER]`: imports FILE; with AFTER it prints `there` once so many bytes were read, and stands still then.
import { createReadStream } from 'node:fs';
import { importSession } from '../../../src/worker.ts';

const [store = '', file = '', after] = process.argv.slice(2);

async function* input(): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 4096 }) as AsyncIterable<Buffer>) {
    yield piece;
    bytes += piece.length;
    if (after === undefined || bytes < Number(after)) continue;
    process.stdout.write('there\n');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
}

const { sessionId, events } = await importSession({ storeFolder: store, input: input() });
process.stdout.write(`${sessionId} ${events}\n`);
