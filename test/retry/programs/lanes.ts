// Four strands side by side, of which the second needs a file that is not there. `together` fails with it at once, `patient` waits for all of them.
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Given {
  readonly data: { readonly folder: string; readonly how: 'together' | 'patient' };
}

const LANES = [0, 1, 2, 3];

export async function main({ data: { folder, how } }: Given): Promise<readonly string[]> {
  const note = async (text: string): Promise<string> => {
    await appendFile(path.join(folder, 'log.txt'), `${text}\n`);
    return text;
  };
  const lane = async (number: number): Promise<string> => {
    const texts = [await note(`${String(number)}a`)];
    if (number > 1) await new Promise((resolve) => setTimeout(resolve, number * 5));
    texts.push(number === 1 ? await readFile(path.join(folder, 'late.txt'), 'utf8') : await note(`${String(number)}b`));
    texts.push(await note(`${String(number)}c`));
    return texts.join();
  };
  const lanes = LANES.map(lane);
  if (how === 'together') return await Promise.all(lanes);
  const failed = (await Promise.allSettled(lanes)).filter((one) => one.status === 'rejected');
  if (failed.length > 0)
    throw new AggregateError(
      failed.map((one) => one.reason as unknown),
      'not every lane came through',
    );
  return await Promise.all(lanes);
}
