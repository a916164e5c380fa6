// The bench's side of programs/take-order.ts: a program works only while it has an order, and the bench knows when it is done.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

const LIMIT_MS = 60_000;

export interface Orders extends Disposable {
  /** Path of the socket, for the program. */
  readonly path: string;
  /** Gives an order; resolves with the ms until the program asks for the next one. */
  run(kind: string, count: number): Promise<number>;
  /** Tells the program to return. */
  end(): Promise<void>;
}

/** @param lost rejects when the program has ended before its time */
export async function takeOrders(path: string, lost: Promise<never>): Promise<Orders> {
  let asking = Promise.withResolvers<Socket>();
  let waiting: Socket | undefined;
  const server = createServer((socket) => {
    waiting = socket;
    socket.on('error', () => {});
    asking.resolve(socket);
  });
  server.listen(path);
  await once(server, 'listening');
  const asked = async (): Promise<Socket> => {
    const late = Promise.withResolvers<never>();
    const limit = setTimeout(() => late.reject(new Error(`the program asked for nothing in ${LIMIT_MS} ms`)), LIMIT_MS);
    try {
      return await Promise.race([asking.promise, lost, late.promise]);
    } finally {
      clearTimeout(limit);
    }
  };
  const give = async (kind: string, count: number): Promise<void> => {
    const socket = await asked();
    asking = Promise.withResolvers<Socket>();
    socket.end(JSON.stringify({ kind, count }));
  };
  return {
    path,
    async run(kind, count) {
      await asked();
      const start = performance.now();
      await give(kind, count);
      await asked();
      return performance.now() - start;
    },
    end: () => give('end', 0),
    [Symbol.dispose]() {
      waiting?.destroy();
      server.close();
    },
  };
}
