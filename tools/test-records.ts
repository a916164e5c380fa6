// What happened in one test file, one JSON value a line. The default export is a reporter of node:test; it runs in the process of the
// file and writes to a file of its own, so that nothing the tests do to stdout can hide a result. It appends by itself: a destination of
// node:test is opened anew, and emptied, by each worker and child that gets the same options.
import { appendFileSync } from 'node:fs';
import type { TestEvent } from 'node:test/reporters';

/** One line. `begun`: it was called; `over`: all of them have ended, with the number that the process counted. */
export type TestRecord =
  | { readonly kind: 'begun' | 'passed'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly why: string }
  | { readonly kind: 'skipped'; readonly name: string; readonly reason: string }
  | { readonly kind: 'over'; readonly count: number };

/** Characters of a reason that are kept, of its beginning and of its end. */
const MOST = 600;

/** What a test failed with, as a person reads it. */
function whyOf({ cause, message }: Error): string {
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : message;
  return text.length <= 2 * MOST ? text : `${text.slice(0, MOST)}\n[…]\n${text.slice(-MOST)}`;
}

/** A skip without a reason has an empty one. */
function recordOf(event: TestEvent): TestRecord | undefined {
  if (event.type === 'test:enqueue') return { kind: 'begun', name: event.data.name };
  if (event.type === 'test:summary') return { kind: 'over', count: event.data.counts.tests + event.data.counts.suites };
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined;
  const { name, skip, todo } = event.data;
  if (event.type === 'test:fail') return { kind: 'failed', name, why: whyOf(event.data.details.error) };
  const left = skip ?? todo ?? false;
  if (left === false) return { kind: 'passed', name };
  return { kind: 'skipped', name, reason: typeof left === 'string' ? left : '' };
}

/** Names the file of the records. Taken out of the environment at once: what the tests start writes none. */
export const RECORDS = 'TEST_RECORDS';

const file = process.env[RECORDS];
delete process.env[RECORDS];

// oxlint-disable-next-line import/no-default-export -- what node:test asks of a reporter
export default async function* testRecords(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    const record = recordOf(event);
    if (record !== undefined && file !== undefined) appendFileSync(file, `${JSON.stringify(record)}\n`);
  }
  // A reporter has to say something.
  yield '';
}
