// A sample of the suite, each program through all stages with one kill; `node test/packages/run.ts` takes all.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { packageIn, ROOT } from '../idioms/stages/package-under-test.ts';
import { Bench } from '../idioms/stages/pool.ts';
import { entryLine, entryOf } from '../idioms/report/report.ts';
import { isAcceptable } from '../idioms/verdicts/verdict.ts';
import { openSuite, tables, type Suite } from './catalogue.ts';
import { startDatabases, type Databases } from './servers/databases.ts';

const NAMES = [
  'http/axios',
  'http/got-retry',
  'http/undici-fetch',
  'services/openai',
  'services/stripe',
  'connections/pg-pool-retry',
  'connections/ioredis',
  'connections/nodemailer',
  'connections/grpc-retry',
  'state/node-cache',
  'state/effect',
  'files/exceljs',
  'files/winston',
  'pure/ajv',
  'processes/simple-git',
];

const isInstalled = existsSync(path.join(import.meta.dirname, 'node_modules'));
// Where they must be there, a missing one is a failure and no skip.
const skip = isInstalled || process.env['CI'] !== undefined ? false : 'npm ci in test/packages';

void describe('programs of packages', () => {
  let databases: Databases | undefined;
  let suite: Suite | undefined;
  let bench: Bench | undefined;

  before(async () => {
    if (skip !== false) return;
    databases = await startDatabases();
    suite = await openSuite(
      tables().filter(({ name }) => NAMES.includes(name)),
      databases,
    );
    bench = new Bench({
      package: packageIn(ROOT),
      workers: 1,
      last: 'kills',
      limitMs: 120_000,
      plainTwice: false,
      again: true,
      replayAfterKill: true,
      mostWrongKills: 3,
      killsOf: (_, events) => [Math.ceil(events / 2)],
    });
  });
  after(async () => {
    suite?.close();
    await bench?.[Symbol.asyncDispose]();
    await databases?.close();
  });

  for (const name of NAMES)
    void test(`${name} is right in a session, in a replay and after a kill`, { skip, timeout: 900_000 }, async () => {
      const program = suite?.programs.find((one) => one.name === name);
      assert.ok(program !== undefined && bench !== undefined);
      const entry = entryOf(await bench.examine(program));
      assert.ok(entry.verdict !== 'unsound' && isAcceptable(entry.verdict), entryLine(entry));
    });
});

test('the suite has a program for at least 100 packages', { skip }, () => {
  const imported = tables().flatMap(({ files }) =>
    [...files.values()].flatMap((text) => [...text.matchAll(/from '([^.'][^']*)'|import\('([^']+)'\)/g)].map(([, a, b]) => a ?? b ?? '')),
  );
  const names = new Set(
    imported
      .filter((name) => !name.startsWith('node:'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  );
  assert.ok(names.size >= 100, `${names.size} packages`);
});
