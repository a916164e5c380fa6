// A session that does steps when it is asked for them.
import { chmodSync } from 'node:fs';
import { activity } from 'resprout/durable';
import { takeOrder } from './take-order.ts';

const FAN_OUT = 10;

const step = activity(async function step(n: number) {
  return n + 1;
});

const LARGE_CHARS = 1_000_000;
const large = activity(async function large(n: number) {
  return String(n % 10).repeat(LARGE_CHARS);
});

const kinds: Readonly<Record<string, (count: number, file: string) => Promise<void>>> = {
  async sequential(count) {
    for (let n = 0; n < count; n++) await step(n);
  },
  async 'fan-out'(count) {
    for (let done = 0; done < count; done += FAN_OUT) await Promise.all(Array.from({ length: FAN_OUT }, (_, n) => step(n)));
  },
  async large(count) {
    for (let n = 0; n < count; n++) await large(n);
  },
  async synchronous(count, file) {
    for (let n = 0; n < count; n++) chmodSync(file, 0o600);
  },
};

export async function main({ data }: { data: { orders: string; file: string } }): Promise<void> {
  for (;;) {
    const { kind, count } = await takeOrder(data.orders);
    if (kind === 'end') return;
    await kinds[kind]?.(count, data.file);
  }
}
