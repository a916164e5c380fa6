// The value codec beside JSON, best of 7 rounds. `node bench/codec.ts`
import { decodeValue, encodeToBytes, encodeValue } from '../src/wire/index.ts';

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
const large = new Uint8Array(64 * 1024 * 1024);

function bestUs(run: () => unknown, times: number): number {
  let best = Infinity;
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    for (let count = 0; count < times; count++) run();
    best = Math.min(best, ((performance.now() - start) / times) * 1000);
  }
  return best;
}

for (const [name, value, times] of [
  ['message', message, 20_000],
  ['200 objects', users, 300],
] as const) {
  const bytes = encodeToBytes(value);
  const text = JSON.stringify(value);
  const results = [
    `encode ${bestUs(() => encodeToBytes(value), times).toFixed(1)} us`,
    `decode ${bestUs(() => decodeValue(bytes), times).toFixed(1)} us`,
    `${bytes.length} bytes`,
    `JSON ${bestUs(() => JSON.stringify(value), times).toFixed(1)} and ${bestUs((): unknown => JSON.parse(text), times).toFixed(1)} us`,
    `${text.length} bytes`,
  ];
  console.log(`${name}: ${results.join(', ')}`);
}
console.log(`64 MiB by reference: encode ${bestUs(() => encodeValue({ large }), 3).toFixed(1)} us`);
