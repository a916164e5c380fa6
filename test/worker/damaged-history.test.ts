// A history is sent to the runner while it is read: what is wrong with its end is found when the runner has the beginning.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { encodeRowBytes, joinEvents } from '../../src/durable/journal/events/row-codec.ts';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import { openSqliteJournal } from '../../src/durable/engines/index.ts';
import { encodeToBytes } from '../../src/wire/values/value-encode.ts';
import { ownHere, type Session } from '../builds-calls/support/owned-here.ts';
import { workFolder } from './support/harness.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const PROGRAM = [
  "import { appendFileSync } from 'node:fs';",
  'export function main({ data }: { data: string }): void {',
  '  for (let n = 0; n < 8; n++) appendFileSync(data, `${n}\\n`);',
  '}',
  '',
].join('\n');

/** A session that was stopped behind its sixth event, and what its program has done. */
async function stopped(folder: string): Promise<{ readonly session: Session; readonly done: () => string; readonly run: string }> {
  const project = path.join(folder, 'project');
  mkdirSync(project);
  const file = path.join(project, 'program.ts');
  writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(file, PROGRAM);
  const touched = path.join(project, 'touched.txt');
  writeFileSync(touched, '');
  const session = { file, sessionId: ID, data: touched, storeFolder: path.join(project, '.resprout') };
  const { state } = await ownHere('run', session, { event: 5, answered: true });
  assert.equal(state, 'lost');
  return { session, done: () => readFileSync(touched, 'utf8'), run: path.join(session.storeFolder, 'runs', ID) };
}

/** A journal that ends with a record, whose checksum is right. */
function appendRecord(run: string, record: unknown): void {
  const bytes = encodeToBytes(record);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  const journal = openSqliteJournal({ folder: run });
  journal.append([{ session: ID, firstSeq: journal.nextSeq(ID), count: 1, bytes: joinEvents([length, bytes]) }]);
  journal.close();
}

describe('a history that is damaged at its end', () => {
  it('is gone on with when it is whole', async () => {
    using folder = workFolder();
    const { session, done } = await stopped(folder.path);
    assert.equal((await ownHere('resume', session)).state, 'done');
    assert.match(done(), /7\n$/);
  });

  it('starts nothing of the program when a byte of its last row was changed', async () => {
    using folder = workFolder();
    const { session, done, run } = await stopped(folder.path);
    const before = done();
    const database = new DatabaseSync(path.join(run, 'journal-1.db'));
    const last = database.prepare('select first, bytes from rows order by first desc limit 1').get();
    const bytes = last?.['bytes'] as Uint8Array;
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    database.prepare('update rows set bytes = ? where first = ?').run(bytes, last?.['first'] as number);
    database.close();
    await assert.rejects(ownHere('resume', session), (error) => codeOf(error) === 'JOURNAL_CORRUPT');
    assert.equal(done(), before);
  });

  const wrong: readonly (readonly [name: string, record: unknown, message: RegExp])[] = [
    ['a result without its fields', [4, 3, 'late'], /JOURNAL_CORRUPT|cannot be read/],
    ['a kind that nobody knows', [99, 1, 2], /unknown kind 99/],
    ['a number that is none', [11, -1], /cannot be read/],
    ['no record at all', 'text', /not a record/],
  ];
  for (const [name, record, message] of wrong) {
    it(`starts nothing of the program when it ends with ${name}`, async () => {
      using folder = workFolder();
      const { session, done, run } = await stopped(folder.path);
      const before = done();
      appendRecord(run, record);
      await assert.rejects(ownHere('resume', session), (error) => codeOf(error) === 'JOURNAL_CORRUPT' && message.test(String(error)));
      assert.equal(done(), before);
    });
  }

  // The owner reads the last event itself; those before it only the runner does.
  it('starts nothing of the program when an event before the last one cannot be read', async () => {
    using folder = workFolder();
    const { session, done, run } = await stopped(folder.path);
    const before = done();
    appendRecord(run, [4, 3, 'late']);
    const journal = openSqliteJournal({ folder: run });
    const event: JournalEvent = { t: 'signal', name: 'S', value: new Uint8Array(0), atMs: 1 };
    journal.append([{ session: ID, firstSeq: journal.nextSeq(ID), count: 1, bytes: encodeRowBytes([event]) }]);
    journal.close();
    await assert.rejects(ownHere('resume', session), (error) => codeOf(error) === 'JOURNAL_CORRUPT');
    assert.equal(done(), before);
  });
});
