// The runner's end of support/journal-echo.ts. fd 3: orders; fd 4: answers through the event loop; fd 5: frames, and answers when it blocks.
import { readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { ANSWER_BYTES } from '../support/journal-frames.ts';

const ROWS = 5;
const orders = new Socket({ fd: 3 });
const answers = new Socket({ fd: 4 });
const answer = Buffer.alloc(ANSWER_BYTES);

function readAnswer(): void {
  for (let got = 0; got < ANSWER_BYTES;) {
    const bytes = readSync(ROWS, answer, got, ANSWER_BYTES - got, null);
    if (bytes === 0) process.exit(1);
    got += bytes;
  }
}

function answered(): Promise<void> {
  return new Promise((resolve) => {
    let got = 0;
    const take = (bytes: Buffer): void => {
      got += bytes.length;
      if (got < ANSWER_BYTES) return;
      answers.off('data', take);
      resolve();
    };
    answers.on('data', take);
  });
}

orders.on('data', (line) => {
  const { count, bytes, isBlocking } = JSON.parse(line.toString()) as { count: number; bytes: number; isBlocking: boolean };
  const frame = Buffer.alloc(bytes, 7);
  void (async () => {
    for (let n = 0; n < count; n++) {
      writeSync(ROWS, frame);
      if (isBlocking) readAnswer();
      else await answered();
    }
    orders.write('.');
  })();
});
orders.on('end', () => process.exit(0));
