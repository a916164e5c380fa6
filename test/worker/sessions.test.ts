import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { RESUMABLE_VERSION } from '../../src/durable/journal/events/event.ts';
import { decodeRowBytes, encodeRowBytes } from '../../src/durable/journal/events/row-codec.ts';
import { asObject, ownHere } from '../builds-calls/support/owned-here.ts';
import { type JournalStore, listSessions, openStore, readSession, replaySession, resolveSessionId } from '../../src/worker.ts';
import type { Order } from './support/owner-process.ts';
import { groupGone, Owner, run, workFolder } from './support/harness.ts';
import { silentServer } from './support/silent-server.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const LIMIT_MS = 60_000;

/** Two steps; the second one is told apart by `version`, and an added step comes first with `extra`. */
function program(version: string, extra = ''): string {
  return [
    "import { readFile, writeFile } from 'node:fs/promises';",
    'export async function main({ data }: { data: { file: string; url: string } }): Promise<string> {',
    extra,
    "  const text = await readFile(data.file, 'utf8');",
    "  console.log('read', text);",
    '  const answer = await (await fetch(data.url)).text();',
    "  await writeFile(data.file + '.end', answer);",
    `  return \`${version} \${text} \${answer}\`;`,
    '}',
    '',
  ].join('\n');
}

interface Place {
  readonly folder: string;
  readonly file: string;
}

function place(folder: string): Place {
  const project = path.join(folder, 'project');
  mkdirSync(project);
  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(path.join(project, 'text.txt'), 'old text');
  const file = path.join(project, 'program.ts');
  writeFileSync(file, program('one'));
  return { folder: project, file };
}

function order(mode: Order['mode'], { folder, file }: Place, url: string, more: object = {}): Order {
  const storeFolder = path.join(folder, '.resprout');
  return {
    mode,
    options: { file, folder, storeFolder, sessionId: ID, data: { file: path.join(folder, 'text.txt'), url }, graceMs: 300, ...more },
  };
}

/** A session that waits for its fetch, and whose owner is dead. */
async function interrupted(at: Place, url: string, requests: readonly string[]): Promise<void> {
  const owner = new Owner(order('run', at, url), at.folder);
  await owner.until(() => requests.length > 0, 'a request');
  owner.child.kill('SIGKILL');
  await owner.closed;
  await groupGone(owner.runnerPid, LIMIT_MS);
}

describe('resumeSession', () => {
  it('resumeSession goes on with the recorded code and says which files differ', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    await interrupted(at, server.url, server.requests);
    writeFileSync(at.file, program('two'));
    server.answer('answer');
    const again = await run(order('resume', at, server.url), at.folder);
    assert.equal(again.result?.value, 'one old text answer', JSON.stringify([again.thrown, again.result, again.output]));
    const differ = again.events.find((event) => event.type === 'files-differ');
    assert.deepEqual(differ?.type === 'files-differ' && differ.files, ['program.ts']);
    assert.doesNotMatch(again.output, /read/, 'what was shown before is not shown again');
  });

  it('resumeSession with a build file goes on with the new code when it agrees with the history', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    await interrupted(at, server.url, server.requests);
    writeFileSync(at.file, program('two'));
    server.answer('answer');
    const again = await run(order('resume', at, server.url, { buildFile: at.file }), at.folder);
    assert.equal(again.result?.value, 'two old text answer', JSON.stringify([again.thrown, again.result, again.output]));
    const { events } = await readSession(openStore({ folder: path.join(at.folder, '.resprout') }), ID);
    assert.equal(events.filter((event) => event.t === 'build').length, 1);
    const replayed = await run(order('replay', at, server.url), at.folder);
    assert.equal(replayed.result?.value, 'two old text answer', JSON.stringify(replayed.thrown));
  });

  it('resumeSession with a build file that disagrees leaves the session as it was and shows both sides', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    await interrupted(at, server.url, server.requests);
    const store = openStore({ folder: path.join(at.folder, '.resprout') });
    const before = await readSession(store, ID);
    writeFileSync(at.file, program('two', "  await writeFile(data.file + '.new', 'x');"));
    const again = await run(order('resume', at, server.url, { buildFile: at.file }), at.folder);
    assert.equal(again.thrown?.code, 'JOURNAL_DIVERGED', JSON.stringify(again.result));
    const text = JSON.stringify(again.thrown);
    assert.match(text, /readFile/);
    assert.match(text, /writeFile/);
    assert.match(text, /program\.ts:\d+/);
    assert.deepEqual(await readSession(store, ID), before);
    assert.equal(existsSync(path.join(at.folder, 'text.txt.new')), false);
    server.answer('answer');
    const old = await run(order('resume', at, server.url), at.folder);
    assert.equal(old.result?.value, 'one old text answer', JSON.stringify([old.thrown, old.result]));
  });

  it('resumeSession refuses a session that another process runs, and takes it over when told to', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    const first = new Owner(order('run', at, server.url), at.folder);
    await first.until(() => server.requests.length > 0, 'a request');
    const second = await run(order('resume', at, server.url), at.folder);
    assert.equal(second.thrown?.code, 'SESSION_HELD');
    assert.match(second.thrown?.problem.saw ?? '', new RegExp(`${String(first.child.pid)}.*owner-process run`));
    const third = new Owner(order('resume', at, server.url, { takeOver: true }), at.folder);
    await third.until(() => server.requests.length === 2, 'the second request');
    server.answer('answer');
    await Promise.all([first.closed, third.closed]);
    assert.equal(third.result?.value, 'one old text answer', JSON.stringify([third.thrown, third.result]));
    assert.deepEqual(
      [first.result?.state, first.result?.problem?.code],
      ['lost', 'SESSION_FENCED'],
      JSON.stringify([first.thrown, first.result]),
    );
    await groupGone(first.runnerPid, LIMIT_MS);
  });

  it('resumeSession says that the environment differs, by name and never by value', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    process.env['RESPROUT_TEST_VALUE'] = 'a secret value';
    await interrupted(at, server.url, server.requests);
    process.env['RESPROUT_TEST_VALUE'] = 'another secret value';
    server.answer('answer');
    const again = await run(order('resume', at, server.url), at.folder);
    delete process.env['RESPROUT_TEST_VALUE'];
    const warning = again.events.find((event) => event.type === 'warning');
    assert.match(JSON.stringify(warning), /RESPROUT_TEST_VALUE/);
    assert.doesNotMatch(JSON.stringify(warning), /secret value/);
    const runs = path.join(at.folder, '.resprout', 'runs', ID);
    for (const name of readdirSync(runs)) assert.equal(readFileSync(path.join(runs, name)).includes('secret value'), false, name);
  });

  it('resumeSession goes on with no session of an older version, and leaves it as it was', async () => {
    using folder = workFolder();
    const at = place(folder.path);
    const session = { file: at.file, sessionId: ID, data: null, storeFolder: path.join(at.folder, '.resprout') };
    // As an older version left it: the start event is of its version.
    const wrapStore = (store: JournalStore): JournalStore => ({
      ...asObject(store),
      append: async (rows) => {
        const [start] = rows.flatMap(({ bytes, count }) => decodeRowBytes(bytes, count));
        if (start?.t !== 'start') throw new Error('stopped by a test');
        await store.append([{ session: ID, firstSeq: 0, count: 1, bytes: encodeRowBytes([{ ...start, version: RESUMABLE_VERSION - 1 }]) }]);
      },
    });
    const isOld = (error: unknown): boolean => codeOf(error) === 'JOURNAL_VERSION_OLD';
    await assert.rejects(ownHere('run', session, undefined, { wrapStore }), isOld);
    const store = openStore({ folder: session.storeFolder });
    const before = await readSession(store, ID);
    await assert.rejects(ownHere('resume', session), isOld);
    assert.deepEqual(await readSession(store, ID), before);
  });

  it('resumeSession goes on with a session of the oldest version that can go on, also from an earlier point', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    const session = {
      file: at.file,
      sessionId: ID,
      data: { file: path.join(at.folder, 'text.txt'), url: server.url },
      storeFolder: path.join(at.folder, '.resprout'),
    };
    const wrapStore = (store: JournalStore): JournalStore => ({
      ...asObject(store),
      append: (rows) =>
        store.append(
          rows.map((row) => {
            const events = decodeRowBytes(row.bytes, row.count);
            const old = events.map((event) => (event.t === 'start' ? { ...event, version: RESUMABLE_VERSION } : event));
            return { ...row, bytes: encodeRowBytes(old) };
          }),
        ),
    });
    server.answer('answer');
    assert.equal((await ownHere('run', session, undefined, { wrapStore })).state, 'done');
    const owner = await run(order('resume', at, server.url, { from: 3 }), folder.path);
    assert.equal(owner.result?.state, 'done', JSON.stringify(owner.thrown));
  });

  it('resumeSession has a code for a session that has ended and for one that never was', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    server.answer('answer');
    const at = place(folder.path);
    const first = await run(order('run', at, server.url), at.folder);
    assert.equal(first.result?.state, 'done', JSON.stringify([first.thrown, first.result, first.output]));
    assert.equal((await run(order('resume', at, server.url), at.folder)).thrown?.code, 'SESSION_ENDED');
    assert.equal((await run(order('run', at, server.url), at.folder)).thrown?.code, 'USAGE');
    const other = ID.replace('01m8', '01m7');
    assert.equal((await run(order('resume', at, server.url, { sessionId: other }), at.folder)).thrown?.code, 'SESSION_MISSING');
  });
});

describe('replaySession', () => {
  it('replaySession against changed code fails with both sides, against the recorded one it appends nothing', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    server.answer('answer');
    const at = place(folder.path);
    await run(order('run', at, server.url), at.folder);
    const store = openStore({ folder: path.join(at.folder, '.resprout') });
    const before = await readSession(store, ID);
    writeFileSync(at.file, program('two', "  await writeFile(data.file + '.new', 'x');"));
    const good = await run(order('replay', at, server.url), at.folder);
    assert.equal(good.result?.value, 'one old text answer', JSON.stringify(good.thrown));
    const bad = await run(order('replay', at, server.url, { buildFile: at.file }), at.folder);
    assert.equal(bad.thrown?.code, 'JOURNAL_DIVERGED', JSON.stringify(bad.result));
    assert.deepEqual(await readSession(store, ID), before);
    assert.equal(server.requests.length, 1);
  });

  it('replaySession of a session without an end goes to its last event', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    await interrupted(at, server.url, server.requests);
    const replayed = await run(order('replay', at, server.url), at.folder);
    assert.deepEqual([replayed.result?.state, replayed.result?.exitCode], ['parked', 0], JSON.stringify(replayed.thrown));
    assert.equal(server.requests.length, 1);
  });
});

describe('a replay', () => {
  it('replaySession of a session that was cut off before a call makes no call and appends nothing', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const at = place(folder.path);
    const data = { file: path.join(at.folder, 'text.txt'), url: server.url };
    const session = { file: at.file, sessionId: ID, data, storeFolder: path.join(at.folder, '.resprout') };
    // The end of the reading is on disk, and nobody has heard of it.
    await ownHere('run', session, { event: 2, answered: false });
    const store = openStore({ folder: session.storeFolder });
    const before = await readSession(store, ID);
    assert.deepEqual(
      before.events.map(({ t }) => t),
      ['start', 'call', 'done'],
    );
    const { state } = await replaySession({ ...session, env: process.env, command: 'a test' });
    assert.equal(state, 'parked');
    assert.deepEqual(server.requests, []);
    assert.deepEqual(await readSession(store, ID), before);
  });
});

describe('runSession', () => {
  it('runSession says before anything runs that there is no such file or export', async () => {
    using folder = workFolder();
    const at = place(folder.path);
    const missing = await run(order('run', { ...at, file: path.join(at.folder, 'nope.ts') }, ''), at.folder);
    assert.equal(missing.thrown?.code, 'RUN_FILE_MISSING');
    writeFileSync(at.file, 'export const helper = 1;\nexport function other(): void {}\n');
    const named = await run(order('run', at, '', { exportName: 'nobody' }), at.folder);
    assert.equal(named.thrown?.code, 'RUN_EXPORT_MISSING');
    assert.match(named.thrown?.problem.saw ?? '', /helper, other/);
    assert.deepEqual(await listSessions(openStore({ folder: path.join(at.folder, '.resprout') })), []);
  });

  it('runSession begins a file without an entry with an empty export name, and says once which exports it has', async () => {
    using folder = workFolder();
    const at = place(folder.path);
    writeFileSync(at.file, "export const helper = 1;\nexport function other(): void {}\nconsole.log('the body');\n");
    const owner = await run(order('run', at, ''), at.folder);
    assert.deepEqual(
      owner.events.flatMap((event) => (event.type === 'note' ? [event.text] : [])),
      ['program.ts has neither a default export nor main: its body is the program; one of its exports is run with program.ts:helper'],
    );
    assert.equal(owner.output.split('the body').length, 2, owner.output);
    const { events } = await readSession(openStore({ folder: path.join(at.folder, '.resprout'), create: false }), ID);
    assert.equal(events[0]?.t === 'start' && events[0].exportName, '');
  });

  it('runSession begins a CommonJS file with what module.exports is', async () => {
    using folder = workFolder();
    const at = place(folder.path);
    const file = at.file.replace('program.ts', 'program.cjs');
    writeFileSync(file, "module.exports = async function ({ type }) { return [type, typeof require('node:fs').statSync]; };\n");
    const owner = await run(order('run', { ...at, file }, ''), at.folder);
    assert.deepEqual([owner.result?.state, owner.result?.value], ['done', ['run', 'function']], owner.output);
  });

  it('runSession gives the program its folder, its arguments and one event', async () => {
    using folder = workFolder();
    const at = place(folder.path);
    writeFileSync(at.file, 'export default (event: object) => ({ event, argv: process.argv.slice(2), cwd: process.cwd() });\n');
    const owner = await run(order('run', at, 'x', { argv: ['--one', 'two'] }), at.folder);
    assert.deepEqual(owner.result?.value, {
      event: {
        type: 'run',
        id: `${ID}/start`,
        sessionId: ID,
        source: 'command line',
        data: { file: path.join(at.folder, 'text.txt'), url: 'x' },
      },
      argv: ['--one', 'two'],
      cwd: at.folder,
    });
  });
});

describe('openStore', () => {
  it('openStore makes a store that only its user can enter, and refuses one that others can', () => {
    using folder = workFolder();
    const store = openStore({ folder: path.join(folder.path, 'store') });
    assert.equal(statSync(store.folder).mode & 0o777, 0o700);
    assert.equal(statSync(path.join(store.folder, 'key')).mode & 0o777, 0o600);
    assert.equal(readFileSync(path.join(store.folder, '.gitignore'), 'utf8'), '*\n');
    assert.deepEqual(openStore({ folder: store.folder }).key, store.key);
    chmodSync(store.folder, 0o755);
    assert.throws(() => openStore({ folder: store.folder }), { code: 'STORE_UNSAFE' });
    chmodSync(store.folder, 0o700);
    chmodSync(path.join(store.folder, 'key'), 0o644);
    assert.throws(() => openStore({ folder: store.folder }), { code: 'STORE_UNSAFE' });
  });

  it('openStore does not turn a folder with other things into a store', () => {
    using folder = workFolder();
    writeFileSync(path.join(folder.path, 'mine.txt'), 'mine');
    assert.throws(() => openStore({ folder: folder.path }), { code: 'STORE_UNSAFE' });
    assert.deepEqual(readdirSync(folder.path), ['mine.txt']);
    assert.throws(() => openStore({ folder: path.join(folder.path, 'none'), create: false }), { code: 'SESSION_MISSING' });
  });

  it('resolveSessionId takes a unique prefix only', async () => {
    using folder = workFolder();
    const store = openStore({ folder: path.join(folder.path, 'store') });
    for (const id of [ID, ID.replace('01m8', '01m9')]) mkdirSync(path.join(store.folder, 'runs', id));
    assert.equal(await resolveSessionId(store, 'ses_01m8'), ID);
    assert.equal(await resolveSessionId(store, '01m8'), ID);
    await assert.rejects(resolveSessionId(store, '01m'), { code: 'SESSION_ID_AMBIGUOUS' });
    await assert.rejects(resolveSessionId(store, '02'), { code: 'SESSION_MISSING' });
  });
});
