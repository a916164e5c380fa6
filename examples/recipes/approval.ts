// Somebody has to say yes, within a time. After a kill it listens at the same address again, and the deadline is the one it was.
//
//   resprout run examples/recipes/approval.ts --data '{"port":8080,"what":"release 2.4.1","within":"2d"}'
//   curl -X POST http://127.0.0.1:8080/yes
import { createServer } from 'node:http';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { sleep, type Duration } from 'resprout/durable';

interface Options {
  readonly port: number;
  readonly what: string;
  readonly within: Duration;
}

export default async function approval(event: { readonly data: Options }): Promise<string> {
  const { port, what, within } = event.data;
  const decision = Promise.withResolvers<'yes' | 'no'>();
  const server = createServer((request, response) => {
    const said = request.method === 'POST' ? request.url?.slice(1) : undefined;
    if (said === 'yes' || said === 'no') decision.resolve(said);
    response.writeHead(said === 'yes' || said === 'no' ? 202 : 404).end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  console.log(`${what}: POST http://127.0.0.1:${String(port)}/yes or /no`);
  const said = await Promise.race([decision.promise, sleep(within).then(() => 'nobody' as const)]);
  server.close();
  if (said === 'yes') await appendFile('released.txt', `${what}\n`);
  return said === 'yes' ? `${what} is out` : `${what} is not out: ${said === 'no' ? 'it was refused' : 'nobody answered'}`;
}
