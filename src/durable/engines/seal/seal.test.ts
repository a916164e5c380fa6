import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../../base/errors/errors.ts';
import { makePrivateFolder } from '../../../platform/disk/private-folder.ts';
import { endOf, idOf, rowOf, startOf } from '../../../testing/stores/rows.ts';
import type { JournalRow } from '../../journal/journal-store.ts';
import type { SessionStore } from '../../journal/sessions/session-store.ts';
import { FIRST_LINK, chainLink } from '../chain.ts';
import { createFolderStore } from '../folder/folder-store.ts';
import { SEAL_BYTES, StoreSeal, isSealed } from './session-seal.ts';
import type { SealOptions } from './store-key.ts';

const place = mkdtempSync(join(tmpdir(), 'resprout-seal-'));
after(() => rmSync(place, { recursive: true, force: true }));
let folders = 0;

const [ID, OTHER] = [idOf('1'), idOf('2')];
const STORE_ID = new Uint8Array(8).fill(3);
const KEY = new Uint8Array(32).fill(5);
const SITE = { id: 's', file: 'program.ts', line: 1, column: 1 };
const CANARY = 'canary-4Kd7-elm';

function newFolder(): string {
  const folder = join(place, String(folders++));
  makePrivateFolder(folder);
  return folder;
}

const sealing = (key: Uint8Array = KEY, storeId: Uint8Array = STORE_ID): SealOptions => ({ storeId, isOn: true, key: async () => key });
const storeIn = (folder: string, seal: SealOptions | undefined = sealing()): SessionStore => createFolderStore(folder, { seal });
const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    codeOf(error) === wanted;

/** A session of five rows in the way of its owner. */
async function record(store: SessionStore, id: string): Promise<void> {
  const claim = await store.claim(id, { command: 'a test' });
  const journal = await store.open(id);
  await journal.append([rowOf(id, 0, [startOf(id, 1)])]);
  for (let n = 1; n < 4; n++) {
    await journal.append([rowOf(id, n, [{ t: 'call', id: n, delivered: 0, fn: `${CANARY}-${n}`, site: SITE, argsHash: 'h', atMs: n }])]);
    journal.afterAnswer?.();
  }
  await journal.append([rowOf(id, 4, [endOf('done', 9)])]);
  journal.afterAnswer?.();
  const output = store.keepOutput(id);
  output.write({ atMs: 1, from: { stream: 'stdout' }, bytes: Buffer.from(`printed ${CANARY}`) });
  await output.close();
  await store.noteSecrets(id, [{ length: 9, sum: 1, hash: 'aa' }]);
  await journal.close();
  await claim.release();
}

async function rowsOf(store: SessionStore, id: string, from = 0): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for await (const row of store.read(id, from)) rows.push(row);
  return rows;
}

/** What somebody can do who may write to the store and has no key: rows as they like, with checksums and heads that are right. */
function rewrite(folder: string, id: string, change: (rows: JournalRow[]) => JournalRow[]): void {
  const database = new DatabaseSync(join(folder, 'runs', id, 'journal-1.db'));
  const stored = database.prepare('select first, count, bytes from rows order by first').all();
  const rows = change(
    stored.map(({ first, count, bytes }) => ({ session: id, firstSeq: Number(first), count: Number(count), bytes: bytes as Uint8Array })),
  );
  database.exec('delete from rows; delete from heads');
  let chain = FIRST_LINK;
  for (const row of rows) {
    chain = chainLink(chain, row);
    database.prepare('insert into rows values (?, ?, ?, ?, ?)').run(id, row.firstSeq, row.count, row.bytes, chain);
  }
  database.close();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What stands in the files of a store, but for what readers leave beside a database, and the index. */
function stateOf(folder: string): string[] {
  const files = filesBelow(folder).filter((file) => !/index|-shm$|-wal$/.test(file));
  return files.map((file) => `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`);
}

const holding = (folder: string): string[] => filesBelow(folder).filter((file) => readFileSync(file).includes('canary'));

test('a sealed session is read with its key as it was recorded, and no file of it holds a value', async () => {
  const folder = newFolder();
  const store = storeIn(folder);
  await record(store, ID);
  assert.equal((await rowsOf(store, ID)).length, 5);
  assert.equal((await rowsOf(store, ID, 3)).length, 2);
  const info = await store.info(ID);
  assert.deepEqual([info?.state, info?.events], ['done', 5]);
  const reader = store.readOutput(ID);
  assert.equal(Buffer.from((await reader.next())[0]?.bytes ?? []).toString(), `printed ${CANARY}`);
  await reader.close();
  assert.deepEqual(await store.secretPrints(ID), [{ name: undefined, length: 9, sum: 1, hash: 'aa' }]);
  assert.deepEqual(holding(folder), []);
  assert.ok(!readFileSync(join(folder, 'index.db')).includes('program.ts'), 'the index neither');
});

test('one bit that differs in a sealed row is noticed, wherever it is', () => {
  const seal = new StoreSeal(KEY, STORE_ID).session(ID);
  const row = { session: ID, firstSeq: 7, count: 2, bytes: Uint8Array.from({ length: 200 }, (_, i) => i) };
  const { bytes } = seal.seal(row);
  assert.equal(bytes.length, 200 + SEAL_BYTES);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const broken = bytes.slice();
    broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(
      () => seal.open({ ...row, bytes: broken }),
      (error) => ['JOURNAL_CORRUPT', 'SEAL_KEY_WRONG'].includes(codeOf(error) ?? ''),
    );
  }
  for (let length = 0; length < bytes.length; length++)
    assert.throws(() => seal.open({ ...row, bytes: bytes.subarray(0, length) }), code('JOURNAL_CORRUPT'));
  assert.deepEqual(seal.open({ ...row, bytes }).bytes, row.bytes);
});

test('a sealed row opens at its own place in its own session of its own store, and nowhere else', () => {
  const store = new StoreSeal(KEY, STORE_ID);
  const row = { session: ID, firstSeq: 7, count: 2, bytes: Uint8Array.of(1, 2, 3) };
  const { bytes } = store.session(ID).seal(row);
  for (const [moved, wanted] of [
    [() => store.session(ID).open({ ...row, bytes, firstSeq: 8 }), 'JOURNAL_CORRUPT'],
    [() => store.session(ID).open({ ...row, bytes, count: 1 }), 'JOURNAL_CORRUPT'],
    [() => store.session(OTHER).open({ ...row, bytes, session: OTHER }), 'JOURNAL_CORRUPT'],
    [() => new StoreSeal(KEY, new Uint8Array(8)).session(ID).open({ ...row, bytes }), 'SEAL_KEY_WRONG'],
    [() => new StoreSeal(new Uint8Array(32), STORE_ID).session(ID).open({ ...row, bytes }), 'SEAL_KEY_WRONG'],
  ] as const)
    assert.throws(moved, code(wanted));
  const seal = store.session(ID);
  assert.equal(seal.openText('output', seal.sealText('output', 'a')), 'a');
  assert.equal(seal.openText('prints', seal.sealText('output', 'a')), undefined);
  assert.equal(store.session(OTHER).openText('output', seal.sealText('output', 'a')), undefined);
  for (const text of ['sealed:', 'sealed:AAAA', 'sealed:%%%']) assert.equal(seal.openText('output', text), undefined);
});

const ATTACKS: Readonly<Record<string, (rows: JournalRow[]) => JournalRow[]>> = {
  'two rows changed places': ([a, b, c, ...rest]) => (a && b && c ? [a, { ...b, bytes: c.bytes }, { ...c, bytes: b.bytes }, ...rest] : []),
  'a row was put in twice': ([a, b, c, ...rest]) => (a && b && c ? [a, b, { ...c, bytes: b.bytes }, ...rest] : []),
  'a row was taken out and the others moved up': (rows) => rows.filter((_, i) => i !== 2).map((row, i) => ({ ...row, firstSeq: i })),
  'the last row was cut off': (rows) => rows.slice(0, -1),
  'all but the first row was cut off': (rows) => rows.slice(0, 1),
  'a row in the clear was put behind': (rows) => [...rows, rowOf(ID, 5, [endOf('done', 10)])],
  'a row in the clear took the place of another': (rows) => rows.map((row, i) => (i === 4 ? rowOf(ID, 4, [endOf('done', 10)]) : row)),
  'the first row was put in the clear': (rows) => rows.map((row, i) => (i === 0 ? rowOf(ID, 0, [startOf(ID, 1)]) : row)),
};

for (const [what, change] of Object.entries(ATTACKS))
  test(`${what}, with checksums that are right: neither a reader nor the next owner takes it`, async () => {
    const folder = newFolder();
    await record(storeIn(folder), ID);
    rewrite(folder, ID, change);
    const store = storeIn(folder);
    await assert.rejects(rowsOf(store, ID), code('JOURNAL_CORRUPT'));
    const claim = await store.claim(ID, { command: 'a test' });
    await assert.rejects(async () => {
      const journal = await store.open(ID);
      try {
        for await (const _row of journal.rows(ID));
      } finally {
        await journal.close();
      }
    }, code('JOURNAL_CORRUPT'));
    await claim.release();
    assert.notEqual((await storeIn(folder).info(ID))?.state, undefined, 'it stays in lists');
  });

test('rows of another session of the same store are not taken', async () => {
  const folder = newFolder();
  const store = storeIn(folder);
  await record(store, ID);
  await record(store, OTHER);
  let others: JournalRow[] = [];
  rewrite(folder, OTHER, (rows) => (others = rows));
  rewrite(folder, ID, () => others.map((row) => ({ ...row, session: ID })));
  await assert.rejects(rowsOf(storeIn(folder), ID), code('JOURNAL_CORRUPT'));
});

test('seal.head that is missing, torn or of another session is damage, and one that is behind is none', async () => {
  for (const [spoil, isDamage] of [
    [(file: string) => rmSync(file), true],
    [(file: string) => writeFileSync(file, readFileSync(file).subarray(0, 40)), true],
    [(file: string) => writeFileSync(file, readFileSync(file, 'latin1').replace(/^0/, '1')), true],
    [(file: string) => copyFileSync(file.replace(ID, OTHER), file), true],
    [(file: string) => writeFileSync(file, `${'2'.padStart(16, '0')} ${new StoreSeal(KEY, STORE_ID).session(ID).headProof(2)}\n`), false],
  ] as const) {
    const folder = newFolder();
    const store = storeIn(folder);
    await record(store, ID);
    await record(store, OTHER);
    spoil(join(folder, 'runs', ID, 'seal.head'));
    const read = rowsOf(storeIn(folder), ID);
    if (isDamage) await assert.rejects(read, code('JOURNAL_CORRUPT'));
    else assert.equal((await read).length, 5);
  }
});

test('without a key and with a wrong one a list says sealed, nobody is fenced, and nothing is changed', async () => {
  const folder = newFolder();
  await record(storeIn(folder), ID);
  await record(storeIn(folder, { ...sealing(), isOn: false }), OTHER);
  const before = stateOf(folder);
  for (const seal of [undefined, sealing(new Uint8Array(32)), sealing(KEY, new Uint8Array(8))]) {
    const store = createFolderStore(folder, { seal });
    const infos: string[] = [];
    for await (const { sessionId, state } of store.list()) infos.push(`${sessionId} ${state}`);
    assert.deepEqual(infos.sort(), [`${ID} sealed`, `${OTHER} done`]);
    assert.equal(await store.builds(), undefined, 'no build goes while a session cannot be read');
    const wanted = (error: unknown): boolean => codeOf(error)?.startsWith('SEAL_KEY_') === true;
    await assert.rejects(rowsOf(store, ID), wanted);
    const claim = await store.claim(ID, { command: 'a test' });
    await assert.rejects(store.open(ID), wanted);
    await assert.rejects(async () => await store.seal?.(ID), wanted);
    await claim.release();
    rmSync(join(folder, 'index.db'), { force: true });
  }
  assert.deepEqual(stateOf(folder), before);
  assert.equal((await rowsOf(storeIn(folder), ID)).length, 5);
});

test('a session that was recorded in the clear is sealed with all that is kept of it, and goes on', async () => {
  const folder = newFolder();
  await record(storeIn(folder, { ...sealing(), isOn: false }), ID);
  assert.ok(holding(folder).length >= 2, 'there is something to seal');
  const store = storeIn(folder);
  const claim = await store.claim(ID, { command: 'a test' });
  assert.equal(await store.seal?.(ID), true);
  assert.equal(await store.seal?.(ID), false);
  assert.deepEqual(holding(folder), []);
  const journal = await store.open(ID);
  await journal.append([rowOf(ID, 5, [endOf('done', 11)])]);
  journal.afterAnswer?.();
  await journal.close();
  await claim.release();
  assert.equal((await rowsOf(storeIn(folder), ID)).length, 6);
  assert.ok((await rowsOf(storeIn(folder), ID)).every(({ bytes }) => !isSealed(bytes)));
  const reader = store.readOutput(ID);
  assert.equal((await reader.next()).length, 1);
  await reader.close();
});

test('a sealing that was killed leaves the session as it was or sealed, and the next one ends it', async () => {
  const plain = newFolder();
  await record(storeIn(plain, { ...sealing(), isOn: false }), ID);
  const sealed = newFolder();
  const cut = (folder: string, names: readonly string[]): void => {
    makePrivateFolder(join(folder, 'runs', ID));
    for (const name of names) {
      const from = [join(sealed, 'runs', ID, name), join(plain, 'runs', ID, name)].find((file) => existsSync(file));
      if (from === undefined) continue;
      copyFileSync(from, join(folder, 'runs', ID, name));
      chmodSync(join(folder, 'runs', ID, name), 0o600);
    }
  };
  cut(sealed, readdirSync(join(plain, 'runs', ID)));
  const whole = storeIn(sealed);
  const claim = await whole.claim(ID, { command: 'a test' });
  await whole.seal?.(ID);
  await claim.release();
  // The files at moments of a sealing: the new generation begun; whole; with its head; named; output sealed; the old one gone.
  const moments = [
    ['journal-1.db', 'journal-1.mark'],
    ['journal-1.db', 'journal-1.mark', 'journal-2.db'],
    ['journal-1.db', 'journal-1.mark', 'journal-2.db', 'seal.head'],
    ['journal-1.db', 'journal-1.mark', 'journal-2.db', 'seal.head', 'CURRENT'],
    ['journal-1.db', 'journal-1.mark', 'journal-2.db', 'seal.head', 'CURRENT', 'output.log'],
  ];
  for (const files of moments) {
    const folder = newFolder();
    makePrivateFolder(join(folder, 'runs'));
    cut(folder, files);
    const store = storeIn(folder);
    assert.equal((await rowsOf(store, ID)).length, 5, files.join(' '));
    const again = await store.claim(ID, { command: 'a test' });
    await store.seal?.(ID);
    await again.release();
    assert.equal((await rowsOf(storeIn(folder), ID)).length, 5);
    assert.deepEqual(holding(folder), [], files.join(' '));
  }
});
