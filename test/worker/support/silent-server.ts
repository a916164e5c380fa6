import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that keeps requests open until it is told to answer. */
export interface SilentServer {
  readonly url: string;
  /** Requests so far. */
  readonly requests: readonly string[];
  /** Answers everything that waits, and from now on at once. */
  answer(text: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function silentServer(): Promise<SilentServer> {
  const requests: string[] = [];
  const open: ServerResponse[] = [];
  let answer: string | undefined;
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (answer === undefined) open.push(response);
    else response.end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    answer(text) {
      answer = text;
      for (const response of open.splice(0)) response.end(text);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
