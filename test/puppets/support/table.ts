// A table of small programs, one test each.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { check, type Expectation } from './check.ts';

/** Name of each case, and the body of its program. */
export type Cases = Readonly<Record<string, string | (Omit<Expectation, 'text'> & { readonly body: string })>>;

/** Registers a test for each. @param imports what stands above each `main` */
export function table(imports: string, cases: Cases): void {
  for (const [name, given] of Object.entries(cases)) {
    const { body, ...rest } = typeof given === 'string' ? { body: given } : given;
    void test(name, { timeout: 120_000 }, async () => {
      const { same, lost, events } = await check({ text: `${imports}\nexport default async function main() {${body}\n}`, ...rest });
      assert.ok(same + lost <= events.length);
      if (process.env['SHOW'] !== undefined) console.log(name, events.length, same, lost);
    });
  }
}
