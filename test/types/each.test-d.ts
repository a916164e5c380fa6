// What the types of `each` and `openEach` take and give. Checked by the compiler alone.
import { each, openEach, targets, type Context, type CallOutcome, type OpenOutcome } from '../../src/index.ts';

declare const contexts: readonly Context[];
declare const opened: OpenOutcome;
declare function upgrade(version: string, port: number): Promise<{ changed: boolean }>;
declare function names(): AsyncGenerator<string>;
declare function maybe(times?: number): bigint;

export async function rightUses(): Promise<void> {
  const outcomes: CallOutcome<{ changed: boolean }>[] = await each(contexts, upgrade, ['2.4.1', 80]).all();
  for (const outcome of outcomes) if (outcome.ok) outcome.value.changed satisfies boolean;
  for await (const outcome of each(contexts, upgrade, ({ vars }, index) => [vars['version'] as string, index], { concurrency: 3 }))
    if (!outcome.ok) outcome.error satisfies unknown;
  const [first] = await each(contexts, names).all();
  if (first?.ok === true) first.value satisfies AsyncIterable<string>;
  await each(contexts, maybe).all();
  await each(contexts, maybe, [3], { batch: 2, stopAfter: 1, timeoutMs: 10 }).all();
  for await (const opened of openEach(['@web', ...(await targets('@db'))], { retries: 1 })) if (opened.ok) opened.context satisfies Context;
}

export function wrongUses(): void {
  // @ts-expect-error the arguments are missing
  each(contexts, upgrade);
  // @ts-expect-error one of them is missing
  each(contexts, upgrade, ['2.4.1']);
  // @ts-expect-error a number is no text
  each(contexts, upgrade, [1, 80]);
  // @ts-expect-error a function makes them of the wrong kind
  each(contexts, upgrade, () => ['2.4.1', '80']);
  // @ts-expect-error whether it is open is asked first
  opened.context satisfies unknown;
}
