// What the arguments of a Runtime are.
import type { ArgsOf, OwnerSelf, UnitSelf } from '../../src/supervisor.ts';
import { group, supervise, tree, unit, type MethodsOf, type Replicas } from '../../src/supervisor.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(isSame: Equal<A, B>): boolean => isSame;

declare class Plain {
  run(signal: AbortSignal): Promise<void>;
}
declare class Made {
  constructor(given: { readonly port: number });
  run(signal: AbortSignal, unit: UnitSelf): Promise<void>;
}
declare class SetUp {
  setup(given: string): void;
  run(signal: AbortSignal): void;
}
declare class Prepared {
  static prepare(args: { readonly host: string }, owner: OwnerSelf): Promise<number>;
  constructor(given: number);
  run(signal: AbortSignal): void;
}
declare const object: { setup(given: Date): void; run(signal: AbortSignal): void };
declare class NoRun {
  setup(): void;
}

export const typeTests = [
  same<ArgsOf<typeof Plain>, undefined>(true),
  same<ArgsOf<typeof Made>, { readonly port: number }>(true),
  same<ArgsOf<typeof SetUp>, string>(true),
  same<ArgsOf<typeof Prepared>, { readonly host: string }>(true),
  same<ArgsOf<typeof object>, Date>(true),
];

declare class Called extends Made {
  #hidden(): void;
  readonly field: number;
  setup(): void;
  teardown(): void;
  page(url: string, options?: { readonly depth: number }): Promise<Uint8Array>;
  count(): number;
  takes(fn: () => void): void;
  rows(): AsyncIterable<Date>;
}

export async function groups(replicas: Replicas<typeof Called>): Promise<void> {
  same<keyof MethodsOf<typeof Called>, 'page' | 'count' | 'takes' | 'rows'>(true);
  same<keyof MethodsOf<typeof Plain>, never>(true);
  const page: Uint8Array = await replicas.call('page', '/', { depth: 1 });
  const count: number = await replicas.with({ timeoutMs: 10 }).call('count');
  void [page, count];
  // @ts-expect-error -- an argument of another type
  void replicas.call('page', 1);
  // @ts-expect-error -- a step of its life
  void replicas.call('run');
  // @ts-expect-error -- no method
  void replicas.call('field');
  // @ts-expect-error -- a function cannot cross
  void replicas.call('takes', () => {});
  const web = group(Called, { port: 1 }, { replicas: 3, in: ['thread', 'process'], dispatch: 'round-robin' });
  const running: Replicas<typeof Called> = await supervise(web);
  await running.update({ port: 2 });
  // @ts-expect-error -- other arguments than those of the Runtime
  await running.update({ host: 'a' });
  const supervisor = await supervise(tree({ units: [[unit(Plain), web]] }));
  const found: Replicas<typeof Called> = supervisor.replicas(web);
  await found.close();
  // @ts-expect-error -- the argument is missing
  group(Called);
  // @ts-expect-error -- replicas are always kept
  group(Called, { port: 1 }, { restart: 'temporary' });
}

export function calls(): void {
  unit(Plain);
  unit(Plain, undefined, { in: 'thread' });
  unit(Made, { port: 1 });
  unit(Prepared, { host: 'a' }, { restart: 'transient' });
  void supervise(object, new Date(), { name: 'object' });
  // @ts-expect-error -- the argument is missing
  unit(Made);
  // @ts-expect-error -- it is of another type
  unit(SetUp, 1);
  // @ts-expect-error -- a number is what prepare gives, not what it takes
  unit(Prepared, 1);
  // @ts-expect-error -- run is required
  unit(NoRun);
  // @ts-expect-error -- no such place
  unit(Plain, undefined, { in: 'fiber' });
}
