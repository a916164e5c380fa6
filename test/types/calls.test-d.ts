// Compiled by tsc only: what `call` accepts and gives.
import type { CannotCross, Context, Crossed, Secret, Sendable } from '../../src/index.ts';

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
yes<Equal<Crossed<Generator<number>>, AsyncIterable<number>>>();
yes<Equal<Crossed<Secret>, Secret>>();
yes<Equal<Crossed<{ readonly context: Context }>['context'], Context>>();

class Rollout {
  readonly hosts: readonly string[] = [];
  first(): string | undefined {
    return this.hosts[0];
  }
}
class Facts {
  readonly cpus: number = 1;
}
interface Tree {
  readonly name: string;
  readonly children: readonly Tree[];
  readonly parent?: Tree;
}
declare function takesPlan(plan: Rollout): void;
declare function takesFacts(facts: Facts): void;
declare function takesFunction(fn: () => void): void;
declare function mayTakeFunction(n: number, fn?: () => void): void;
declare function takesInside(value: { readonly list: readonly { readonly run: () => void }[] }): void;
declare function takesPromise(value: Promise<number>): void;
declare function takesAny(first: unknown, second: ReadonlyMap<string, Set<number>>): void;
declare function takesTree(tree: Tree): void;
declare function byReference(lines: AsyncIterable<string>, stop: AbortSignal, secret: Secret, other: Context): void;
declare function bytes(all: readonly [Buffer, Uint8Array, ArrayBuffer, URL, Date, RegExp, Error, bigint]): void;
declare function sum(...all: number[]): number;
declare function echo<T>(value: T): T;
declare const secret: Secret;
declare const numbers: readonly [string, number];

export async function takes(): Promise<void> {
  await context.call(takesFacts, new Facts());
  await context.call(mayTakeFunction, 1);
  await context.call(takesAny, { any: [1] }, new Map([['a', new Set([1])]]));
  await context.call(takesTree, { name: 'root', children: [{ name: 'leaf', children: [] }] });
  await context.call(byReference, lines('x'), AbortSignal.abort(), secret, context);
  await context.call(bytes, [Buffer.from(''), new Uint8Array(), new ArrayBuffer(1), new URL('x:'), new Date(), /a/, new Error('x'), 1n]);
  await context.call(sum, 1, 2, 3);
  await context.call(plan, ...numbers);
  const same = await context.call(echo, 5);
  yes<Equal<typeof same, number>>();
}

export async function takesNot(): Promise<void> {
  // @ts-expect-error -- the methods of an instance do not cross
  await context.call(takesPlan, new Rollout());
  // @ts-expect-error -- a function does not cross
  await context.call(takesFunction, () => {});
  // @ts-expect-error -- a function does not cross, also where it may be left out
  await context.call(mayTakeFunction, 1, () => {});
  // @ts-expect-error -- nor does one inside
  await context.call(takesInside, { list: [{ run: () => {} }] });
  // @ts-expect-error -- a promise does not cross
  await context.call(takesPromise, Promise.resolve(1));
  // @ts-expect-error -- whatever the parameter is
  await context.call(takesAny, () => 1, new Map());
}

/** A function that hands its arguments on. */
export function again<A extends unknown[], R>(fn: (...args: A) => R, ...args: Sendable<A>): Promise<unknown> {
  return context.with({ timeoutMs: 5 }).call(fn, ...args);
}
void again(plan, '1', 2);
// @ts-expect-error -- a function does not cross
void again(takesFunction, () => {});
