import { local } from 'resprout/remote';

export function square(n: number): number {
  return n * n;
}

export function* countTo(n: number): Generator<number> {
  for (let i = 1; i <= n; i++) yield i;
}

export function fail(): never {
  throw new TypeError('over there');
}

export default async function main(): Promise<unknown> {
  await using context = await local({ name: 'web-1' });
  const squares = await Promise.all([1, 2, 3].map((n) => context.call(square, n)));
  const counted: number[] = [];
  for await (const n of await context.call(countTo, 3)) counted.push(n);
  const failure = await context.call(fail).catch((error: unknown) => (error instanceof TypeError ? error.message : 'another error'));
  return { squares, counted, failure };
}
