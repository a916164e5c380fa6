import { readFile } from 'node:fs/promises';
import { local } from 'resprout';
import { later, mark } from './ops.ts';

/** Calls in two far processes, with a step of its own between. */
export async function main({ data }: { data: { file: string; url: string } }): Promise<unknown> {
  // What its function imports late stands in no literal import.
  const one = await local({ name: 'one', serve: ['test/worker/programs/far/shout.ts'] });
  const two = await local({ name: 'two' });
  const first = await one.call(mark, data.file, 'first');
  const answer = await (await fetch(data.url)).text();
  const second = await two.call(mark, data.file, 'second');
  const loud = await one.call(later, './shout.ts');
  const here = (await import(['./shout', 'ts'].join('.'))) as { shout(text: string): string };
  const text = await readFile(data.file, 'utf8');
  return {
    apart: first.pid !== second.pid && first.pid !== process.pid,
    texts: [first.text, second.text],
    answer,
    loud,
    here: here.shout('here'),
    text,
  };
}
