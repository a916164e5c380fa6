// The bare transport: a child process at the other end of a socketpair. No codec, no router, no threads.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('../programs/echo-child.ts', import.meta.url));

export interface Echo {
  /** Sends pieces of `bytes` bytes, `count` in all with `window` of them under way, and waits until as many bytes came back. */
  rounds(count: number, bytes: number, window?: number): Promise<void>;
  /** Writes everything; resolves when the child says that it has read that much. */
  swallow(payload: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** `echo` sends everything back; `swallow` reads and answers one byte for each `total` bytes. */
export function openEcho(mode: 'echo' | 'swallow', total: number = 0): Echo {
  const child = spawn(process.execPath, [CHILD, mode, String(total)], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const socket = child.stdio[3] as Socket;
  return {
    async rounds(count, bytes, window = 1) {
      const frame = Buffer.alloc(bytes, 7);
      const whole = Promise.withResolvers<void>();
      let sent = 0;
      let received = 0;
      const take = (piece: Buffer): void => {
        const before = Math.floor(received / bytes);
        received += piece.length;
        for (let more = Math.floor(received / bytes) - before; more > 0 && sent < count; more--, sent++) socket.write(frame);
        if (received === count * bytes) whole.resolve();
      };
      socket.on('data', take);
      for (; sent < Math.min(window, count); sent++) socket.write(frame);
      await whole.promise;
      socket.off('data', take);
    },
    async swallow(payload) {
      socket.write(payload);
      await once(socket, 'data');
    },
    async close() {
      socket.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
