// A receiver of webhooks. What was answered with 202 is in the journal, and what it asks for is done, also after a kill: the server listens
// again on its port, and who sends again what was not answered is known by its id.
//
//   resprout run examples/recipes/webhook.ts --data '{"port":8080,"forward":"http://127.0.0.1:9090/orders","count":3}'
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { once } from 'node:events';

interface Options {
  readonly port: number;
  readonly forward: string;
  /** Ends after so many orders. */
  readonly count: number;
}

interface Order {
  readonly id: string;
}

async function orderIn(request: IncomingMessage): Promise<Order | undefined> {
  const body: unknown = await json(request).catch(() => undefined);
  return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string' ? { id: body.id } : undefined;
}

async function forward(url: string, order: Order): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': order.id };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(order) });
  if (!response.ok) throw new Error(`${url} answers ${String(response.status)} to order ${order.id}`);
}

export default async function webhook(event: { readonly data: Options }): Promise<string[]> {
  const { port, forward: url, count } = event.data;
  const work = new Map<string, Promise<void>>();
  const enough = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    void orderIn(request).then((order) => {
      if (order !== undefined && !work.has(order.id)) work.set(order.id, forward(url, order));
      response.writeHead(order === undefined ? 400 : 202).end();
      if (work.size === count) enough.resolve();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  console.log(`waiting for ${String(count)} orders at http://127.0.0.1:${String(port)}`);
  await enough.promise;
  await Promise.all(work.values());
  server.close();
  return [...work.keys()].sort();
}
