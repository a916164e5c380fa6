// Compiled by tsc only: what `call` accepts and gives.
import type { CannotCross, Context, Crossed } from '../../src/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const yes = <T extends true>(): T => true as T;

interface Plan {
  readonly hosts: string[];
  readonly at: Date;
}
declare const context: Context;
declare function plan(version: string, count?: number): Promise<Plan>;
declare function lines(file: string): AsyncGenerator<string>;
declare function callback(): { readonly stop: () => void; readonly n: number };
declare function untyped(): unknown;

export async function accepts(): Promise<void> {
  const made = await context.call(plan, '1.0', 3);
  yes<Equal<typeof made, Crossed<Plan>>>();
  const hosts: readonly string[] = made.hosts;
  const at: Date = made.at;
  const read = await context.with({ timeoutMs: 100 }).call(lines, 'x');
  yes<Equal<typeof read, AsyncIterable<string>>>();
  const stopped = await context.call(callback);
  yes<Equal<typeof stopped.stop, CannotCross<'a function'>>>();
  const anything = await context.call(untyped);
  yes<Equal<typeof anything, unknown>>();
  await context.call((a: number, b: number) => a + b, 1, 2);
  void [hosts, at];
}

export async function refuses(): Promise<void> {
  // @ts-expect-error -- the version is missing
  await context.call(plan);
  // @ts-expect-error -- a number is not a text
  await context.call(plan, 1);
  // @ts-expect-error -- one argument too many
  await context.call(plan, '1', 2, 3);
  const stopped = await context.call(callback);
  // @ts-expect-error -- a function does not cross
  stopped.stop();
  // @ts-expect-error -- a text is not a function
  await context.call('plan');
  // @ts-expect-error -- there is no such option
  context.with({ timeout: 5 });
}

yes<Equal<Crossed<Map<string, () => void>>, Map<string, CannotCross<'a function'>>>>();
yes<Equal<Crossed<Set<number>>, Set<number>>>();
yes<Equal<Crossed<Uint8Array>, Uint8Array>>();
yes<Equal<Crossed<string | undefined>, string | undefined>>();
yes<Equal<Crossed<[number, string]>, [number, string]>>();
