// The way of a row to its owner and of the answer back, without a session and without a database. As in a runner: rows leave by a blocking
// write on one socketpair; the answer comes on another one through the event loop, or is read from the same one by a blocking read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ANSWER_BYTES } from './journal-frames.ts';

const CHILD = fileURLToPath(new URL('../programs/journal-child.ts', import.meta.url));

export interface JournalEcho extends AsyncDisposable {
  /** Lets the child send `count` frames of `bytes` bytes, each after the answer to the one before. */
  rounds(count: number, bytes: number, isBlocking: boolean): Promise<void>;
}

export function openJournalEcho(): JournalEcho {
  const child = spawn(process.execPath, [CHILD], { stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe', 'pipe'] });
  const [orders, answers, rows] = child.stdio.slice(3) as [Socket, Socket, Socket];
  const answer = Buffer.alloc(ANSWER_BYTES, 7);
  return {
    async rounds(count, bytes, isBlocking) {
      const whole = Promise.withResolvers<void>();
      let received = 0;
      const take = (piece: Buffer): void => {
        const before = Math.floor(received / bytes);
        received += piece.length;
        for (let frames = Math.floor(received / bytes) - before; frames > 0; frames--) (isBlocking ? rows : answers).write(answer);
        if (received === count * bytes) whole.resolve();
      };
      rows.on('data', take);
      orders.write(JSON.stringify({ count, bytes, isBlocking }));
      await Promise.all([whole.promise, once(orders, 'data')]);
      rows.off('data', take);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [orders, answers, rows]) socket.destroy();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
