// A child process as everyone writes it. Killed while the child counts, the program is told at resume that the child is gone, and begins it again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

async function count(to: number): Promise<number> {
  const child = spawn('sh', ['-c', `for n in $(seq ${to}); do echo $n; sleep 0.1; done`]);
  // The child of an earlier process says so here.
  const failed = once(child, 'error').then(([error]: unknown[]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  let sum = 0;
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) sum += Number(line);
  })();
  await Promise.race([Promise.all([read, once(child, 'close')]), failed]);
  return sum;
}

export default async function main(): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await count(10);
    } catch (error) {
      const { code } = error as { code?: string };
      console.log(`try ${tries}: ${code}`);
      if (code !== 'LIVE_OBJECT_LOST' || tries === 3) throw error;
    }
  }
}
