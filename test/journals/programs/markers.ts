import { activity, atMostOnce, idempotencyKey, sessionInfo, sleep } from 'resprout/durable';

enum Level {
  low = 1,
  high = 2,
}

class Account {
  constructor(
    readonly owner: string,
    private cents: number,
  ) {}
  add(cents: number): number {
    return (this.cents += cents);
  }
}

const noted = activity(async function noted(text: string): Promise<{ key: boolean; text: string; at: Date; map: Map<string, number> }> {
  return { key: idempotencyKey().length > 0, text, at: new Date(0), map: new Map([['a', 1]]) };
});
const once = atMostOnce(activity(async (level: Level): Promise<bigint> => BigInt(level) * 10n));
const failing = activity(async (): Promise<never> => {
  throw Object.assign(new RangeError('as it was thrown'), { code: 'E_OWN' });
});

export async function main(event: { data?: { cents: number } }): Promise<unknown> {
  await sleep('5ms');
  const account = new Account('ada', event.data?.cents ?? 0);
  const error = await failing().catch((thrown: unknown) => thrown);
  const { text, map } = await noted('text');
  return [
    account.add(5),
    text,
    map.get('a'),
    await once(Level.high),
    error instanceof RangeError && (error as RangeError & { code: string }).code,
    (sessionInfo()?.sessionId ?? '').slice(0, 4),
  ];
}
