// A reporter of node:test that prints the names of the files in which a test failed, one a line. Used by run-tests.ts.
interface ReportedEvent {
  readonly type: string;
  readonly data?: { readonly file?: string };
}

// oxlint-disable-next-line import/no-default-export -- what node:test asks of a reporter
export default async function* failedFiles(events: AsyncIterable<ReportedEvent>): AsyncGenerator<string> {
  const files = new Set<string>();
  for await (const { type, data } of events) if (type === 'test:fail' && data?.file !== undefined) files.add(data.file);
  for (const file of files) yield `${file}\n`;
}
