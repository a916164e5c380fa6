// Twenty steps on three hosts in turn, one after the other.
import { local } from 'resprout';
import { step, type Order } from './host.ts';

const STEPS = 20;
/** One for each step; the copy with the bug has too few. */
const NAMES = Array.from({ length: 21 }, (_, number) => `part ${String(number)}`);

export async function main({ data }: { readonly data: Order }): Promise<string[]> {
  const hosts = await Promise.all(['one', 'two', 'three'].map(async (name) => await local({ name })));
  const done: string[] = [];
  for (let number = 1; number <= STEPS; number++) {
    const host = hosts[number % hosts.length];
    if (host === undefined) throw new Error('there is no host');
    const name = (NAMES[number] as string).toUpperCase();
    done.push(`${name}: ${await host.call(step, number, data)}`);
  }
  return done;
}
