// Every place does the same.
import { after, test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { local, type Context } from '../../src/index.ts';
import '../../src/supervisor.ts';
import { placeBehaviours, type PlaceSubject } from '../../src/testing.ts';

let context: Context | undefined;
const folder = mkdtempSync(join(tmpdir(), 'resprout-places-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const PLACES: Readonly<Record<string, PlaceSubject>> = {
  thread: { in: () => 'thread', folder, hasMemoryLimit: true },
  process: { in: () => 'process', folder, hasMemoryLimit: true },
  context: { in: async () => (context ??= await local({ name: 'place' })), folder, hasMemoryLimit: true },
};

for (const [name, subject] of Object.entries(PLACES))
  for (const { title, run } of placeBehaviours(subject)) test(`${name} ${title}`, { timeout: 200_000 }, run);

test('the context of these tests is closed', async () => await context?.close());
