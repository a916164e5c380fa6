// What does the value codec cost? Beside JSON, which knows fewer types.
import { decodeValue, encodeToBytes, encodeValue } from '../src/wire/index.ts';
import { each, inTurn, type Bench, type Measured, type Row } from './support/bench.ts';
import { runAlone } from './support/run-alone.ts';

const SLICES = 15;
const DECODE_GOAL = 1.5;
const message = {
  id: 17,
  fn: 'upgrade',
  args: ['2.4.1', { hosts: ['web-1', 'web-2'], force: true }],
  deadlineMs: 30_000,
  trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
const users = Array.from({ length: 200 }, (_, index) => ({
  id: index,
  name: `user${index}`,
  email: `u${index}@example.org`,
  active: index % 2 === 0,
  score: index / 3,
  tags: ['a', 'b'],
}));
const large = new Uint8Array(64 * 1024 * 1024).fill(7);

async function besides(figure: string, peer: string, times: number, ours: () => unknown, theirs: () => unknown): Promise<Measured> {
  const loop = (run: () => unknown) => (): void => {
    for (let count = 0; count < times; count++) run();
  };
  const taken = await inTurn(SLICES, { ours: loop(ours), theirs: loop(theirs) }, 3);
  const us = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, times, 'us'));
  return { figure, unit: 'us', ours: us(taken.ours), peer, theirs: us(taken.theirs) };
}

export const bench: Bench = {
  name: 'codec',
  question: 'What does the value codec cost?',
  async run() {
    const rows: Row[] = [];
    for (const [name, value, times] of [
      ['a message', message, 10_000],
      ['200 objects', users, 100],
    ] as const) {
      const bytes = encodeToBytes(value);
      const text = JSON.stringify(value);
      const sizes = `${name}, ${bytes.length} bytes`;
      const theirs = `of the same, ${text.length} bytes`;
      rows.push(
        await besides(
          `encode ${sizes}`,
          `JSON.stringify ${theirs}`,
          times,
          () => encodeToBytes(value),
          () => JSON.stringify(value),
        ),
        {
          ...(await besides(
            `decode ${sizes}`,
            `JSON.parse ${theirs}`,
            times,
            () => decodeValue(bytes),
            (): unknown => JSON.parse(text),
          )),
          goal: DECODE_GOAL,
        },
      );
    }
    const copy = new Uint8Array(large.length);
    rows.push(
      await besides(
        'encode 64 MiB, by reference',
        'one copy of it',
        3,
        () => encodeValue({ large }),
        () => copy.set(large),
      ),
    );
    return rows;
  },
};

if (import.meta.main) await runAlone(bench);
