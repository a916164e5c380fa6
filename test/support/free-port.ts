import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Ports from which a server chooses that is told 0, and from which connections get theirs, begin above: none of those that are chosen here is given
 * away between this and its use.
 */
const [FIRST, END] = [20_000, 32_000];

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
