// Sessions that go from one store to another as lines of JSON: what comes out is what went in, and nothing else gets in.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../src/base/errors/errors.ts';
import {
  exportSession,
  forkSession,
  importSession,
  listSessions,
  newSessionId,
  openStore,
  readSession,
  removeSession,
  type ExportResult,
  type JournalRow,
} from '../../src/worker.ts';
import { realRandom } from '../../src/platform/random.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { noSmallDisk, SmallDisk } from '../full-disk/small-disk.ts';
import { makeBigSession } from './support/big-session.ts';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'resprout-transfer-')));
after(() => rmSync(place, { recursive: true, force: true }));
let stores = 0;
const newStore = (): string => join(place, `store-${stores++}`);
const newId = (): string => newSessionId(realClock, realRandom);
const program = join(place, 'program.ts');
const MAIN = { import: join(import.meta.dirname, 'support/import-main.ts'), carry: join(import.meta.dirname, 'support/carry-main.ts') };
const hasCode =
  (code: string, text = /./) =>
  (error: unknown): boolean =>
    codeOf(error) === code && text.test(String(error));

async function exported(storeFolder: string, sessionId: string): Promise<{ readonly text: string; readonly result: ExportResult }> {
  const pieces: Uint8Array[] = [];
  const result = await exportSession({ storeFolder, sessionId, write: (line) => void pieces.push(line.slice()) });
  return { text: Buffer.concat(pieces).toString(), result };
}

const imported = async (storeFolder: string, text: string | Uint8Array): ReturnType<typeof importSession> =>
  await importSession({ storeFolder, input: [Buffer.from(text as string)] });

/** Everything below a folder that tells of a session: its runs and its builds. */
const left = (store: string): string[] =>
  ['runs', 'builds'].flatMap((name) => (existsSync(join(store, name)) ? readdirSync(join(store, name)) : []));

async function rowsOf(storeFolder: string, id: string): Promise<JournalRow[]> {
  return await Array.fromAsync(openStore({ folder: storeFolder, create: false }).sessions.read(id));
}

const source = newStore();
const ID = newId();
let text: string;

before(async () => {
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
  writeFileSync(program, 'export const main = () => 1;\n');
  await makeBigSession(source, ID, program, 120, 100);
  ({ text } = await exported(source, ID));
});

test('exportSession() and importSession() give the same rows, and the same bytes when it is exported again', async () => {
  const to = newStore();
  const result = await imported(to, text);
  assert.deepEqual({ ...result, builds: result.builds.length }, { sessionId: ID, events: 121, ended: 'done', builds: 1, isNew: true });
  assert.deepEqual(await rowsOf(to, ID), await rowsOf(source, ID));
  assert.equal((await exported(to, ID)).text, text);
  const [info] = await listSessions(openStore({ folder: to }));
  assert.deepEqual([info?.state, info?.events], ['done', 121]);
  assert.equal((await imported(to, text)).isNew, false, 'the same again is no error');
});

test('an export is the same whenever it is made, its records can be read without Resprout, and its last line has the checksum of the rest', async () => {
  const { text: again, result } = await exported(source, ID);
  assert.equal(again, text);
  const lines = text.trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '') as { sha256: string };
  const above = `${lines.slice(0, -1).join('\n')}\n`;
  assert.equal(createHash('sha256').update(above).digest('hex'), last.sha256);
  assert.deepEqual([result.sha256, result.bytes], [last.sha256, Buffer.byteLength(text)]);
  const shown = JSON.parse(lines.find((line) => line.includes('"seq":1,')) ?? '') as { event: { t: string; outcome: { value: string } } };
  assert.deepEqual([shown.event.t, shown.event.outcome.value], ['sync', 'x'.repeat(100)]);
  assert.doesNotMatch(text, /"seed"/, 'what it is for people does not show the seed');
});

test('importSession() takes its input in pieces of any length', async () => {
  const bytes = Buffer.from(text);
  for (const size of [1, 7, 4096]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    assert.equal((await importSession({ storeFolder: newStore(), input: pieces })).events, 121);
  }
});

/** The lines with their last one made right again: what somebody could write who wants it to be taken. */
function sealed(lines: readonly string[]): string {
  const above = `${lines.slice(0, -1).join('\n')}\n`;
  const end = { ...(JSON.parse(lines.at(-1) ?? '') as object), sha256: createHash('sha256').update(above).digest('hex') };
  return `${above}${JSON.stringify(end)}\n`;
}

type Line = Record<string, unknown>;

/** Changes one line, which `which` finds. */
function changed(which: (line: Line) => boolean, change: (line: Line) => Line | readonly Line[]): string[] {
  const lines = text.trimEnd().split('\n');
  const at = lines.findIndex((line) => which(JSON.parse(line) as Line));
  const given = change(JSON.parse(lines[at] ?? '') as Line);
  return lines.toSpliced(at, 1, ...(Array.isArray(given) ? given : [given]).map((one) => JSON.stringify(one)));
}

const header = (change: (line: Line) => Line): string[] => changed(({ kind }) => kind === 'header', change);
const event = (number: number, change: (line: Line) => Line | readonly Line[]): string[] => changed(({ seq }) => seq === number, change);
const file = (end: string, change: (line: Line) => Line | readonly Line[]): string[] =>
  changed(({ path }) => typeof path === 'string' && path.endsWith(end), change);
const flipped = (base64: unknown): string => {
  const bytes = Buffer.from(String(base64), 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64');
};

/** Inputs that are no export as it was, with the code and what the message says. Those of `sealed` have a right checksum at their end. */
const WRONG: Readonly<Record<string, readonly [make: () => string | Uint8Array, code: string, says: RegExp]>> = {
  nothing: [() => '', 'IMPORT_INVALID', /nothing is there/],
  'an empty line': [() => '\n', 'IMPORT_INVALID', /no JSON/],
  'zeros without an end of a line': [() => new Uint8Array(100_000), 'IMPORT_INVALID', /the line has no end/],
  'another format': [() => '{"format":"somebody-else","version":1}\n', 'IMPORT_INVALID', /no header/],
  'the output of show --json': [() => '{"ok":true,"value":{}}\n', 'IMPORT_INVALID', /no header/],
  'a list': [() => '[]\n', 'IMPORT_INVALID', /no object/],
  'no UTF-8': [() => Buffer.from([0x7b, 0xff, 0x7d, 10]), 'IMPORT_INVALID', /no JSON/],
  'a byte order mark': [() => `\uFEFF${text}`, 'IMPORT_INVALID', /no JSON/],
  'a line longer than any': [() => Buffer.alloc(30 * 1024 * 1024, 'a'), 'IMPORT_INVALID', /longer than/],
  'a later format': [() => sealed(header((line) => ({ ...line, version: 2, more: {} }))), 'IMPORT_TOO_NEW', /version 2 of the format/],
  'a later journal': [() => sealed(header((line) => ({ ...line, journal: 99 }))), 'IMPORT_TOO_NEW', /version 99 of the journal/],
  'an earlier journal than it is': [() => sealed(header((line) => ({ ...line, journal: 2 }))), 'IMPORT_INVALID', /the header says 2/],
  'no version': [() => sealed(header(({ version: _, ...line }) => line)), 'IMPORT_INVALID', /without a version/],
  'an id that leads elsewhere': [() => sealed(header((line) => ({ ...line, session: '../../x' }))), 'IMPORT_INVALID', /id of a session/],
  'the id of another session': [() => sealed(header((line) => ({ ...line, session: newId() }))), 'IMPORT_INVALID', /not of ses_/],
  'an unknown field': [() => sealed(header((line) => ({ ...line, owner: 'x' }))), 'IMPORT_INVALID', /unknown field "owner"/],
  'a second header': [() => sealed(header((line) => [line, line] as never)), 'IMPORT_INVALID', /second header/],
  'a line of an unknown kind': [() => sealed(event(3, (line) => [line, { kind: 'note' }])), 'IMPORT_INVALID', /unknown kind/],
  'its last line missing': [() => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`, 'IMPORT_INVALID', /cut off behind event 120/],
  'its last byte missing': [() => text.slice(0, -1), 'IMPORT_INVALID', /the line has no end/],
  'cut off in the middle': [() => text.slice(0, text.length >> 1), 'IMPORT_INVALID', /the line has no end/],
  'something behind its end': [() => `${text}${text}`, 'IMPORT_INVALID', /behind the end/],
  'line ends of Windows': [() => text.replaceAll('\n', '\r\n'), 'IMPORT_INVALID', /checksum of all lines/],
  'an event twice': [() => sealed(event(60, (line) => [line, line])), 'IMPORT_INVALID', /event 60 where 61/],
  'an event missing': [() => sealed(event(60, () => [])), 'IMPORT_INVALID', /event 61 where 60/],
  'events in another order': [
    () =>
      sealed(
        event(60, (line) => [
          { ...line, seq: 61 },
          { ...line, seq: 60 },
        ]),
      ),
    'IMPORT_INVALID',
    /event 61 where 60/,
  ],
  'a record that was changed': [
    () => sealed(event(60, (line) => ({ ...line, record: flipped(line['record']) }))),
    'IMPORT_INVALID',
    /the checksum of the events up to here|cannot be read|not a value|a record of kind/,
  ],
  'a record that is no base64': [() => sealed(event(60, (line) => ({ ...line, record: '*' }))), 'IMPORT_INVALID', /no base64/],
  'a record that is empty': [() => sealed(event(60, (line) => ({ ...line, record: '' }))), 'IMPORT_INVALID', /not a value/],
  'the record of another event': [
    () => sealed(event(60, (line) => ({ ...line, record: recordAt(0) }))),
    'IMPORT_INVALID',
    /a start event is the first one/,
  ],
  'text for people that was changed': [
    () => event(60, (line) => ({ ...line, event: {} })).join('\n') + '\n',
    'IMPORT_INVALID',
    /all lines/,
  ],
  'a checksum that was changed': [
    () => sealed(event(50, (line) => ({ ...line, chain: '0'.repeat(32) }))),
    'IMPORT_INVALID',
    /checksum of the events/,
  ],
  'rows of another length': [() => sealed(event(50, ({ chain: _, ...line }) => line)), 'IMPORT_INVALID', /checksum of the events/],
  'another count': [
    () =>
      sealed(
        changed(
          ({ kind }) => kind === 'end',
          (line) => ({ ...line, events: 5 }),
        ),
      ),
    'IMPORT_INVALID',
    /121 events came/,
  ],
  'another end': [
    () =>
      sealed(
        changed(
          ({ kind }) => kind === 'end',
          (line) => ({ ...line, ended: null }),
        ),
      ),
    'IMPORT_INVALID',
    /another end than its last event/,
  ],
  'a file above the folder': [() => sealed(file('table.json', (line) => ({ ...line, path: '../key' }))), 'IMPORT_INVALID', /no build has/],
  'a file below another one': [
    () => sealed(file('table.json', (line) => ({ ...line, path: 'files/../../runs/x/table.json' }))),
    'IMPORT_INVALID',
    /no build has/,
  ],
  'an absolute path': [() => sealed(file('table.json', (line) => ({ ...line, path: '/etc/passwd' }))), 'IMPORT_INVALID', /no build has/],
  'a file twice': [() => sealed(file('lowered.js', (line) => [line, line])), 'IMPORT_INVALID', /for the second time/],
  'a file missing': [() => sealed(file('lowered.js', () => [])), 'IMPORT_INVALID', /lowered\.js of a build is missing/],
  'a file of another length': [() => sealed(file('lowered.js', (line) => ({ ...line, bytes: '' }))), 'IMPORT_INVALID', /bytes long/],
  'a file that nobody needs': [
    () => sealed(file('lowered.js', (line) => [{ ...line, path: `files/${'0'.repeat(16)}/lowered.js` }, line])),
    'IMPORT_INVALID',
    /belongs to no build/,
  ],
  'a file that never ends': [() => sealed(file('lowered.js', (line) => ({ ...line, more: true }))), 'IMPORT_INVALID', /does not go on/],
  'a table that is none': [
    () => sealed(file('table.json', (line) => ({ ...line, bytes: 'e30=' }))),
    'IMPORT_INVALID',
    /table\.json cannot be read/,
  ],
  'a manifest that was changed': [
    () => sealed(changed(isManifest, (line) => ({ ...line, bytes: rewritten(line, (manifest) => ({ ...manifest, entry: '/etc/x.ts' })) }))),
    'IMPORT_INVALID',
    /is not that of build/,
  ],
  'a manifest whose key leads elsewhere': [
    () =>
      sealed(
        changed(isManifest, (line) => ({
          ...line,
          bytes: rewritten(line, (manifest) => ({ ...manifest, format: 77, files: { '/x.ts': '../../runs/x' } })),
        })),
      ),
    'IMPORT_INVALID',
    /names a file/,
  ],
  'a manifest missing': [() => sealed(changed(isManifest, () => [])), 'IMPORT_INVALID', /belongs to no build/],
  'builds behind the events': [
    () => sealed(event(120, (line) => [line, { kind: 'build', path: `${'0'.repeat(24)}.json`, bytes: '' }])),
    'IMPORT_INVALID',
    /behind the first event/,
  ],
};

const isManifest = ({ path }: Line): boolean => /^[0-9a-f]{24}\.json$/.test(String(path));
const rewritten = ({ bytes }: Line, change: (manifest: object) => object): string =>
  Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(String(bytes), 'base64').toString()) as object))).toString('base64');
const recordAt = (seq: number): string =>
  (JSON.parse(text.split('\n').find((line) => line.includes(`"seq":${seq},`)) ?? '') as { record: string }).record;

for (const [name, [make, code, says]] of Object.entries(WRONG))
  test(`importSession() refuses an export with ${name}, and nothing is there afterwards`, async () => {
    const to = newStore();
    await assert.rejects(imported(to, make()), hasCode(code, says));
    assert.deepEqual(left(to), []);
  });

test('importSession() refuses each single byte that was changed, wherever it stands', async () => {
  const bytes = Buffer.from(text);
  const to = newStore();
  for (let at = 0; at < bytes.length; at += 211) {
    const other = Buffer.from(bytes);
    other[at] = (other[at] ?? 0) ^ 4;
    await assert.rejects(imported(to, other), (error) => /^IMPORT_/.test(codeOf(error) ?? ''), `byte ${at}`);
  }
  assert.deepEqual(left(to), []);
});

test('a session of the store with other events stays, and says what is to be done', async () => {
  const to = newStore();
  await makeBigSession(to, ID, program, 60, 100);
  const before = await rowsOf(to, ID);
  await assert.rejects(imported(to, text), hasCode('IMPORT_CONFLICT', /other events from number 51|goes on after|at its end/));
  assert.deepEqual(await rowsOf(to, ID), before);
  await removeSession(openStore({ folder: to }), ID, 'a test');
  assert.equal((await imported(to, text)).isNew, true);
});

test('other content under the name of an artefact is refused and stays; what a power cut tore is made whole', async () => {
  const [to, torn] = [newStore(), newStore()];
  for (const store of [to, torn]) {
    await imported(store, text);
    await removeSession(openStore({ folder: store }), ID, 'a test');
  }
  const artefact = (store: string): string => {
    const [key = ''] = readdirSync(join(store, 'builds/files'));
    return join(store, 'builds/files', key, 'lowered.js');
  };
  const good = readFileSync(artefact(to), 'utf8');
  writeFileSync(artefact(to), good.replace('1', '2'));
  await assert.rejects(imported(to, text), hasCode('IMPORT_CONFLICT', /lowered\.js/));
  assert.equal(readFileSync(artefact(to), 'utf8'), good.replace('1', '2'));
  assert.deepEqual(readdirSync(join(to, 'runs')), []);
  writeFileSync(artefact(torn), '');
  await imported(torn, text);
  assert.equal(readFileSync(artefact(torn), 'utf8'), good);
});

test('an import that is killed leaves nothing that is a session, and the next removal takes what it left', async () => {
  const to = newStore();
  const path = join(place, 'killed.jsonl');
  writeFileSync(path, text);
  for (const at of [1, text.length >> 1, text.length]) {
    const child = spawn(process.execPath, [MAIN.import, to, path, String(at)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const store = openStore({ folder: to });
    assert.deepEqual([await listSessions(store), await store.sessions.ids(), await store.sessions.has(ID)], [[], [], false], `at ${at}`);
  }
  assert.deepEqual(readdirSync(join(to, 'runs')), [`.new-${ID}`]);
  const other = newId();
  await makeBigSession(to, other, program, 5, 5);
  await removeSession(openStore({ folder: to }), other, 'a test');
  assert.deepEqual(readdirSync(join(to, 'runs')), []);
  assert.equal((await imported(to, text)).isNew, true);
});

test('a removal leaves alone what is being imported, and of two imports of one session one goes through', async () => {
  const to = newStore();
  const [hold, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text.slice(0, -10));
    begun.resolve();
    await hold.promise;
    yield Buffer.from(text.slice(-10));
  };
  const first = importSession({ storeFolder: to, input: slow(), command: 'the first import' });
  await begun.promise;
  await assert.rejects(imported(to, text), hasCode('SESSION_HELD'));
  const other = newId();
  await makeBigSession(to, other, program, 5, 5);
  await removeSession(openStore({ folder: to }), other, 'a test');
  hold.resolve();
  assert.equal((await first).isNew, true);
  assert.equal((await readSession(openStore({ folder: to }), ID)).events.length, 121);
});

test('an import that is given up leaves nothing', async () => {
  const to = newStore();
  const stop = new AbortController();
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text.slice(0, text.length >> 1));
    stop.abort(new Error('enough'));
    yield Buffer.from('x');
  };
  await assert.rejects(importSession({ storeFolder: to, input: endless(), signal: stop.signal }), /enough/);
  assert.deepEqual(left(to), []);
  const writes: number[] = [];
  const write = (line: Uint8Array): void => void writes.push(line.length);
  await assert.rejects(exportSession({ storeFolder: source, sessionId: ID, write, signal: stop.signal }), /enough/);
  assert.deepEqual(writes, []);
});

test('what is written while it is exported is left out, and the end says that the session has not ended', async () => {
  const from = newStore();
  const id = newId();
  await makeBigSession(from, id, program, 20, 10);
  const store = openStore({ folder: from });
  const fork = await forkSession({ storeFolder: from, sessionId: id, at: 15 });
  const claim = await store.sessions.claim(fork.sessionId, { command: 'a test' });
  const journal = await store.sessions.open(fork.sessionId);
  let lines = '';
  const grow = async (line: Uint8Array): Promise<void> => {
    lines += Buffer.from(line).toString();
    if (!lines.includes('"seq":2,') || lines.includes('"seq":3,')) return;
    const { rowOf } = await import('../../src/testing/stores/rows.ts');
    await journal.append([rowOf(fork.sessionId, fork.events, [{ t: 'cancel', atMs: 1 }])]);
  };
  const result = await exportSession({ storeFolder: from, sessionId: fork.sessionId, write: grow });
  await journal.close();
  await claim.release();
  assert.deepEqual([result.events, result.ended], [fork.events, null]);
  const to = newStore();
  assert.equal((await imported(to, lines)).events, fork.events);
  const isBrought = async (folder: string, session: string): Promise<boolean> => await openStore({ folder }).sessions.isBrought(session);
  assert.equal(await isBrought(to, fork.sessionId), true);
  const below = await forkSession({ storeFolder: to, sessionId: fork.sessionId, at: 10 });
  assert.equal(await isBrought(to, below.sessionId), true, 'a fork of it has hashes of the other store too');
});

test('exportSession() says what is missing or damaged', async () => {
  const from = newStore();
  const id = newId();
  const write = (): void => {};
  await makeBigSession(from, id, program, 500, 100);
  await assert.rejects(exportSession({ storeFolder: from, sessionId: newId(), write }), hasCode('SESSION_MISSING'));
  const database = join(from, 'runs', id, 'journal-1.db');
  const bytes = readFileSync(database);
  // Each copy that SQLite has left in its pages.
  for (let at = bytes.indexOf('xxx'); at >= 0; at = bytes.indexOf('xxx', at + 3)) bytes.fill('y', at, at + 3);
  writeFileSync(database, bytes);
  await assert.rejects(exportSession({ storeFolder: from, sessionId: id, write }), hasCode('JOURNAL_CORRUPT'));
  const other = newId();
  await makeBigSession(from, other, program, 5, 5);
  rmSync(join(from, 'builds'), { recursive: true });
  await assert.rejects(exportSession({ storeFolder: from, sessionId: other, write }), hasCode('BUILD_FILE_MISSING'));
});

test('a full disk ends an import with nothing on it', { skip: noSmallDisk }, async () => {
  using disk = new SmallDisk(join(place, 'small'));
  const store = join(disk.folder, 'store');
  openStore({ folder: store });
  disk.fill();
  await assert.rejects(imported(store, text), hasCode('STORE_IO'));
  disk.free();
  assert.deepEqual(left(store), []);
  assert.equal((await imported(store, text)).isNew, true);
});

test('a hundred thousand events go through a heap that could not hold them', { timeout: 240_000 }, async (context) => {
  const [from, to] = [newStore(), newStore()];
  const id = newId();
  await makeBigSession(from, id, program, 100_000, 600);
  const path = join(place, 'large.jsonl');
  const child = spawn(process.execPath, ['--max-old-space-size=64', MAIN.carry, from, id, path, to], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
  const [events = '', kilobytes = ''] = said.trim().split(' ');
  assert.equal(Number(events), 100_001);
  context.diagnostic(`${(statSync(path).size / 1e6).toFixed(0)} MB, ${Math.round(Number(kilobytes) / 1024)} MiB resident at most`);
  assert.ok(Number(kilobytes) / 1024 < 400, `${kilobytes} KiB resident`);
  assert.equal(await readSessionCount(to, id), 100_001);
});

async function readSessionCount(folder: string, id: string): Promise<number> {
  return (await openStore({ folder }).sessions.info(id))?.events ?? 0;
}
