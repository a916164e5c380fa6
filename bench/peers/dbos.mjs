// Workflows of DBOS: orders `KIND STEPS` come on standard input, a line with the ms that each took goes out.
import { createInterface } from 'node:readline';
import { DBOS } from '@dbos-inc/dbos-sdk';

const step = DBOS.registerStep(async (n) => n + 1, { name: 'step' });

const workflows = {
  sequential: DBOS.registerWorkflow(
    async (steps) => {
      let n = 0;
      for (let i = 0; i < steps; i++) n = await step(n);
      return n;
    },
    { name: 'sequential' },
  ),
  'fan-out': DBOS.registerWorkflow(
    async (steps) => {
      for (let i = 0; i < steps; i += 10) await Promise.all(Array.from({ length: 10 }, (_, k) => step(k)));
    },
    { name: 'fan-out' },
  ),
};

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: process.env.DATABASE_URL, runAdminServer: false, logLevel: 'error' });
await DBOS.launch();
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [kind, steps] = line.split(' ');
  const start = performance.now();
  const run = workflows[kind];
  await run(Number(steps));
  console.log(`took ${performance.now() - start}`);
}
await DBOS.shutdown();
