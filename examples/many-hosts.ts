// Calls a function on many targets and tells what came of each: `node examples/many-hosts.ts 'ssh://deploy@web-{1..100}'`, or as a session:
// `resprout run examples/many-hosts.ts --data '{"targets":["@web"]}'`.
import { statfs } from 'node:fs/promises';
import { each, openEach } from 'resprout';

/** Runs there. */
export async function freeShare(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder);
  return bavail / blocks;
}

export async function main({ data }: { data?: { targets?: string[] } } = {}): Promise<void> {
  const { targets = ['local:web-{1..4}', 'local:gone?node=/no/such/node'] } = data ?? {};

  // Ten openings at once. One that fails, or hangs, holds up no other one.
  const opened = await openEach(targets, { concurrency: 10 }).all();
  for (const one of opened) if (!one.ok) console.log(one.target.name, 'does not open');
  const contexts = opened.flatMap((one) => (one.ok ? [one.context] : []));

  // Outcomes as they come; `.all()` waits for all of them, in the order of the contexts.
  let done = 0;
  for await (const outcome of each(contexts, freeShare, ['/'], { timeoutMs: 30_000 })) if (outcome.ok && outcome.value > 0) done++;
  console.log(`${done} of ${contexts.length} have told`);

  // Two at a time, and nothing more once one has failed.
  const careful = await each(contexts, freeShare, ({ name }) => [name === 'web-2' ? '/no/such/folder' : '/'], {
    batch: 2,
    stopAfter: 1,
  }).all();
  console.log(careful.map(({ context, ok }) => `${context.name} ${ok ? 'done' : 'not done'}`).join(', '));

  await Promise.all(contexts.map((context) => context.close()));
}

if (import.meta.main) await main({ data: process.argv[2] === undefined ? {} : { targets: process.argv.slice(2) } });
