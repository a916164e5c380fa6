// A service of Restate: orders `KIND STEPS` come on standard input, a line with the ms that each took goes out. The server is another process.
import { createInterface } from 'node:readline';
import * as restate from '@restatedev/restate-sdk';

const service = restate.service({
  name: 'bench',
  handlers: {
    sequential: async (context, steps) => {
      let n = 0;
      for (let i = 0; i < steps; i++) n = await context.run(() => n + 1);
      return n;
    },
    fanOut: async (context, steps) => {
      for (let i = 0; i < steps; i += 10) await restate.RestatePromise.all(Array.from({ length: 10 }, (_, k) => context.run(() => k)));
    },
  },
});

const { ADMIN_URL, INGRESS_URL } = process.env;
const port = await restate.serve({ services: [service], port: 0 });

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

await post(`${ADMIN_URL}/deployments`, { uri: `http://127.0.0.1:${port}` });
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [kind, steps] = line.split(' ');
  const start = performance.now();
  await post(`${INGRESS_URL}/bench/${kind === 'fan-out' ? 'fanOut' : kind}`, Number(steps));
  console.log(`took ${performance.now() - start}`);
}
process.exit(0);
