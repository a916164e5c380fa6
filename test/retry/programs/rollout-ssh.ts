// Twenty steps on three hosts that ssh reaches. The third one is first needed by the twelfth step.
import { ssh, type Context } from 'resprout';
import { FAILING, step, type Order } from './host.ts';

const STEPS = 20;

export async function main({ data }: { readonly data: Order }): Promise<string[]> {
  const { hosts: wanted = [], port } = data;
  const hosts: Context[] = [];
  const openNext = async (): Promise<void> => {
    const next = wanted[hosts.length];
    if (next !== undefined) hosts.push(await ssh({ host: '127.0.0.1', port, ...next }));
  };
  await openNext();
  await openNext();
  const done: string[] = [];
  for (let number = 1; number <= STEPS; number++) {
    if (number === FAILING) await openNext();
    const host = number === FAILING ? hosts.at(-1) : hosts[number % hosts.length];
    if (host === undefined) throw new Error('there is no host');
    done.push(`PART ${String(number)}: ${await host.call(step, number, data)}`);
  }
  return done;
}
