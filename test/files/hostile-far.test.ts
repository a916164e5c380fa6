// What a far side that lies about files can reach here: nothing beside what was offered to it and the folder that was named.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnCall, OwnCaller, OwnWork } from '../../src/remote/calls/own-calls.ts';
import { createFiles } from '../../src/remote/files/files.ts';

/** A context whose far half answers what a test says. */
function liar(answers: Readonly<Record<string, (...args: never[]) => unknown>>): OwnCaller {
  return {
    name: 'liar',
    callOwn: async ({ args, fn }: OwnCall) => answers[fn]?.(...(args as never[])),
    workOwn: <T>({ run, signal }: OwnWork<T>) => run(signal ?? new AbortController().signal),
  };
}

async function* stream<T>(...steps: readonly T[]): AsyncGenerator<T> {
  yield* steps;
}

async function drain(source: AsyncIterable<unknown>): Promise<unknown[]> {
  return await Array.fromAsync(source);
}

const file = (path: string, more: object = {}): object => ({ path, kind: 'file', mode: 0o644, bytes: 1, modifiedMs: 0, ...more });
const folder = (path: string): object => ({ path, kind: 'folder', mode: 0o755, bytes: 0, modifiedMs: 0 });
const pieces = (path: string, text = 'x'): readonly object[] => [
  { t: 'file', path },
  { t: 'data', bytes: Buffer.from(text) },
  { t: 'end', hash: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881' },
];

describe('context.files with a far side that lies', () => {
  let root: string;
  let source: string;
  let target: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'resprout-hostile-'));
    source = join(root, 'source');
    target = join(root, 'target');
    mkdirSync(source);
    writeFileSync(join(source, 'offered'), 'offered');
    writeFileSync(join(root, 'secret'), 'secret');
    symlinkSync(root, join(source, 'link'));
  });
  after(() => rmSync(root, { recursive: true }));
  const get = async (entries: readonly unknown[], steps: readonly unknown[] = []): Promise<unknown> => {
    rmSync(target, { recursive: true, force: true });
    return await createFiles(liar({ list: () => stream({ entries, skipped: [] }), send: () => stream(...steps) })).get('/there', target);
  };

  test('put sends no file that was not offered', async () => {
    for (const path of ['../secret', 'link/secret', '/etc/passwd', '', 'no-such-file', 'offered/../../secret']) {
      const sent: unknown[] = [];
      const prepare = async (_to: string, listings: AsyncIterable<unknown>): Promise<object> => {
        await drain(listings);
        return { wanted: [{ path, offset: 0 }], unchangedCount: 0, folderCount: 0, linkCount: 0, removedCount: 0 };
      };
      const receive = async (_to: string, steps: AsyncIterable<unknown>): Promise<void> => {
        sent.push(...(await drain(steps)));
      };
      await assert.rejects(createFiles(liar({ prepare, receive })).put(source, '/there'), { code: 'FILE_UNSAFE' });
      assert.deepEqual(sent, []);
    }
  });

  test('put refuses answers of other shapes', async () => {
    for (const answer of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { wanted: 5 },
      { wanted: [null] },
      { wanted: [{ path: 'offered', offset: -1 }] },
    ])
      await assert.rejects(createFiles(liar({ prepare: () => answer })).put(source, '/there'), { code: 'REMOTE_PROTOCOL' });
  });

  test('get writes nothing outside of the folder that was named', async () => {
    for (const path of ['../out', 'a/../../out', '/out', './out', 'a//out', 'a/', '..', '.', 'out\0'])
      await assert.rejects(get([folder(''), folder('a'), file(path)], [pieces(path)]), { code: 'FILE_UNSAFE' }, path);
    const link = { path: 'way', kind: 'link', mode: 0o777, bytes: 0, modifiedMs: 0, target: root };
    await assert.rejects(get([folder(''), link, file('way/out')], [pieces('way/out')]), { code: 'FILE_UNSAFE' });
    await assert.rejects(get([folder(''), link, folder('way'), file('way/out')], [pieces('way/out')]), { code: 'FILE_UNSAFE' });
    await assert.rejects(get([folder(''), folder('x'), file('x')]), { code: 'FILE_UNSAFE' });
    await assert.rejects(get([file('a/out')]), { code: 'FILE_UNSAFE' });
    assert.deepEqual(
      readdirSync(root).filter((name) => !['secret', 'source', 'target'].includes(name)),
      [],
    );
  });

  test('get takes no other file, no more bytes and no other bytes than were announced', async () => {
    const cases: readonly (readonly [readonly unknown[], readonly unknown[]])[] = [
      [[folder(''), file('a')], [pieces('b')]],
      [[folder(''), file('a')], [[...pieces('a'), ...pieces('a')]]],
      [[folder(''), file('a')], [pieces('a', 'xx')]],
      [[folder(''), file('a')], [pieces('a', 'y')]],
      [[folder(''), file('a')], [pieces('a').slice(0, 2)]],
      [[folder(''), file('a')], [pieces('a').slice(1)]],
      [[folder(''), file('a')], []],
      [[folder(''), file('a'), file('b')], [[...pieces('a').slice(0, 2), ...pieces('b')]]],
    ];
    for (const [entries, steps] of cases) {
      await assert.rejects(get(entries, steps), { code: 'FILE_CHANGED' });
      const left = existsSync(target)
        ? readdirSync(target).filter((name) => name !== 'a' || readFileSync(join(target, name), 'utf8') !== 'x')
        : [];
      assert.deepEqual(left, []);
    }
  });

  test('get refuses listings and pieces of other shapes', async () => {
    for (const entry of [
      null,
      1,
      {},
      file(5 as never),
      file('a', { mode: 0o4755 }),
      file('a', { bytes: -1 }),
      file('a', { bytes: Number.NaN }),
    ])
      await assert.rejects(get([folder(''), entry]), { code: 'REMOTE_PROTOCOL' });
    for (const entry of [file('a', { kind: 'device' }), file('a', { modifiedMs: Infinity }), { ...folder('l'), kind: 'link' }])
      await assert.rejects(get([folder(''), entry]), { code: 'REMOTE_PROTOCOL' });
    for (const step of [null, 1, {}, [null], [{ t: 'data', bytes: 'x' }], [{ t: 'other' }], [{ t: 'file' }]])
      await assert.rejects(get([folder(''), file('a')], [step]), { code: 'REMOTE_PROTOCOL' });
  });
});
