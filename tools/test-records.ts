// What happened in one test file, one JSON value a line. The default export is a reporter of node:test; it runs in the process of the
// file and writes to a file of its own, so that nothing the tests do to stdout can hide a result.
import type { TestEvent } from 'node:test/reporters';

/** One line. `begun`: it was called; `over`: all of them have ended, with the number that the process counted. */
export type TestRecord =
  | { readonly kind: 'begun' | 'passed' | 'failed'; readonly name: string }
  | { readonly kind: 'skipped'; readonly name: string; readonly reason: string }
  | { readonly kind: 'over'; readonly count: number };

/** A skip without a reason has an empty one. */
function recordOf(event: TestEvent): TestRecord | undefined {
  if (event.type === 'test:enqueue') return { kind: 'begun', name: event.data.name };
  if (event.type === 'test:summary') return { kind: 'over', count: event.data.counts.tests + event.data.counts.suites };
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined;
  const { name, skip, todo } = event.data;
  if (event.type === 'test:fail') return { kind: 'failed', name };
  const left = skip ?? todo ?? false;
  if (left === false) return { kind: 'passed', name };
  return { kind: 'skipped', name, reason: typeof left === 'string' ? left : '' };
}

// oxlint-disable-next-line import/no-default-export -- what node:test asks of a reporter
export default async function* testRecords(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    const record = recordOf(event);
    if (record !== undefined) yield `${JSON.stringify(record)}\n`;
  }
}
