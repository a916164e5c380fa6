// Files between this side and a real far process: real disks, real interruptions.
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { local, Secret, type Context, type FileProgress } from '../../src/index.ts';
import { until } from '../support/until.ts';

const MIB = 1024 * 1024;
/** Sent when a transfer is interrupted: with what is still under way more than what is worth keeping has arrived. */
const ENOUGH_BYTES = 5.5 * MIB;

/** Everything below a folder: kind, mode, whole seconds of its time, content or target. */
function treeOf(root: string): Record<string, unknown> {
  const seen: Record<string, unknown> = {};
  const walk = (path: string): void => {
    const place = join(root, path);
    const facts = lstatSync(place);
    const time = Math.round(facts.mtimeMs);
    if (facts.isSymbolicLink()) seen[path] = ['link', readlinkSync(place)];
    else if (facts.isDirectory()) {
      seen[path] = ['folder', facts.mode & 0o777, time];
      for (const name of readdirSync(place)) walk(join(path, name));
    } else if (facts.isFile()) seen[path] = ['file', facts.mode & 0o777, time, readFileSync(place, 'latin1')];
  };
  walk('');
  return seen;
}

describe('context.files', () => {
  let context: Context;
  let folder: string;
  let source: string;
  let target: string;
  before(async () => {
    context = await local({ name: 'files' });
  });
  after(async () => await context.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'resprout-files-'));
    source = join(folder, 'source');
    target = join(folder, 'target');
  });
  afterEach(() => {
    execFileSync('chmod', ['-R', 'u+rwx', folder]);
    rmSync(folder, { recursive: true });
  });
  const makeTree = (): void => {
    mkdirSync(join(source, 'sub/deep/empty'), { recursive: true });
    writeFileSync(join(source, 'a'), 'A');
    writeFileSync(join(source, 'sub/large'), Buffer.alloc(3 * MIB, 'large '));
    writeFileSync(join(source, 'sub/none'), '');
    writeFileSync(join(source, 'sub/deep/run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    for (const name of [' ', '-rf', "it's", 'a\nb', '"', '$HOME', '😀', '...', '\\', '#%']) writeFileSync(join(source, 'sub', name), name);
    symlinkSync('../a', join(source, 'sub/up'));
    symlinkSync('/nowhere/at/all', join(source, 'dangling'));
    chmodSync(join(source, 'a'), 0o640);
    utimesSync(join(source, 'a'), 1_000_000_000.123, 1_000_000_000.123);
    chmodSync(join(source, 'sub/deep'), 0o555);
    utimesSync(join(source, 'sub'), 1_100_000_000, 1_100_000_000);
  };
  const copies = {
    put: (options = {}) => context.files.put(source, target, options),
    get: (options = {}) => context.files.get(source, target, options),
  };

  for (const [name, copy] of Object.entries(copies)) {
    test(`${name} copies a folder as it is, and nothing of it again`, async () => {
      makeTree();
      const { skipped, ...first } = await copy();
      assert.deepEqual(treeOf(target), treeOf(source));
      assert.deepEqual(skipped, []);
      assert.deepEqual(
        { ...first, durationMs: 0 },
        {
          fileCount: 14,
          bytes: first.bytes,
          unchangedCount: 0,
          folderCount: 4,
          linkCount: 2,
          removedCount: 0,
          skippedCount: 0,
          durationMs: 0,
        },
      );
      assert.ok(first.bytes > 3 * MIB);
      const again = await copy();
      assert.deepEqual([again.fileCount, again.bytes, again.folderCount, again.linkCount, again.unchangedCount], [0, 0, 0, 0, 16]);
      chmodSync(join(target, 'a'), 0o600);
      writeFileSync(join(source, 'sub/none'), 'some');
      writeFileSync(join(target, 'stays'), '');
      assert.equal((await copy()).fileCount, 1);
      assert.equal(statSync(join(target, 'a')).mode & 0o777, 0o640);
      assert.equal(readFileSync(join(target, 'sub/none'), 'utf8'), 'some');
      assert.ok(existsSync(join(target, 'stays')), 'what is there besides stays');
    });

    test(`${name} copies one file to the name that it is given, and replaces what is there as a whole`, async () => {
      writeFileSync(source, 'new', { mode: 0o604 });
      writeFileSync(target, 'old and longer');
      const before = statSync(target).ino;
      assert.equal((await copy()).fileCount, 1);
      assert.equal(readFileSync(target, 'utf8'), 'new');
      assert.equal(statSync(target).mode & 0o777, 0o604);
      assert.notEqual(statSync(target).ino, before, 'it is another file under the same name');
      assert.deepEqual(readdirSync(folder).sort(), ['source', 'target']);
    });

    test(`${name} compares by hash when it is told to`, async () => {
      writeFileSync(source, 'same');
      writeFileSync(target, 'some');
      utimesSync(source, 1e9, 1e9);
      utimesSync(target, 1e9, 1e9);
      assert.equal((await copy()).fileCount, 0, 'size and time are the same');
      assert.equal((await copy({ compare: 'hash' })).fileCount, 1);
      assert.equal(readFileSync(target, 'utf8'), 'same');
      utimesSync(target, 2e9, 2e9);
      assert.equal((await copy({ compare: 'hash' })).fileCount, 0);
      assert.equal(statSync(target).mtimeMs, 1e12);
    });

    test(`${name} says what it does not carry`, async () => {
      mkdirSync(source);
      execFileSync('mkfifo', [join(source, 'pipe')]);
      writeFileSync(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0x66, 0xff])]), 'x');
      const { skipped, skippedCount } = await copy();
      assert.deepEqual(skipped.map(({ why }) => why).sort(), ['it is a named pipe', 'its name is not UTF-8']);
      assert.equal(skippedCount, 2);
      await assert.rejects(context.files.put(join(source, 'pipe'), target), { code: 'FILE_KIND' });
      await assert.rejects(context.files.get(join(source, 'pipe'), target), { code: 'FILE_KIND' });
    });

    test(`${name} tells what is missing, denied or of another kind`, async () => {
      await assert.rejects(copy(), { code: 'FILE_MISSING' });
      writeFileSync(source, 'x');
      mkdirSync(target);
      await assert.rejects(copy(), { code: 'FILE_KIND', message: /there is a folder of that name/ });
      rmSync(target, { recursive: true });
      const nowhere = join(folder, 'no/folder');
      await assert.rejects(context.files.put(source, nowhere), { code: 'FILE_MISSING' });
      await assert.rejects(context.files.get(source, nowhere), { code: 'FILE_MISSING' });
    });

    test(`${name} writes through no link that lies in the target, and replaces what is in the way`, async () => {
      mkdirSync(join(source, 'sub'), { recursive: true });
      writeFileSync(join(source, 'sub/file'), 'new');
      writeFileSync(join(source, 'thing'), 'new');
      mkdirSync(join(folder, 'outside'));
      mkdirSync(target);
      symlinkSync(join(folder, 'outside'), join(target, 'sub'));
      symlinkSync(join(folder, 'outside/thing'), join(target, 'thing'));
      await copy();
      assert.deepEqual(readdirSync(join(folder, 'outside')), []);
      assert.deepEqual(treeOf(target), treeOf(source));
    });

    test(`${name} follows a link that is the root itself`, async () => {
      makeTree();
      symlinkSync(source, join(folder, 'from'));
      mkdirSync(target);
      symlinkSync(target, join(folder, 'to'));
      const [from, to] = [join(folder, 'from'), join(folder, 'to')];
      await (name === 'put' ? context.files.put(from, to) : context.files.get(from, to));
      assert.deepEqual(treeOf(target), treeOf(source));
      assert.ok(lstatSync(to).isSymbolicLink());
    });

    test(`${name} goes on with a large file where it was interrupted`, async () => {
      writeFileSync(source, Buffer.alloc(64 * MIB, 'a part of it '));
      const stop = new AbortController();
      let seen = 0;
      const onProgress = (progress: FileProgress): void => {
        seen = progress.bytes;
        abortAfter(ENOUGH_BYTES, stop)(progress);
      };
      await assert.rejects(copy({ signal: stop.signal, onProgress }), { code: 'REMOTE_CALL_ABORTED' });
      assert.ok(seen > ENOUGH_BYTES && seen < 64 * MIB);
      assert.equal(existsSync(target), false);
      await untilParts(folder, 1, context);
      const { bytes } = await copy();
      assert.ok(bytes > 0 && bytes < 63.5 * MIB, `${bytes} bytes were sent`);
      assert.ok(readFileSync(target).equals(readFileSync(source)));
      assert.deepEqual(readdirSync(folder).sort(), ['source', 'target']);
    });

    test(`${name} begins again when what is left of an interrupted transfer is wrong`, async () => {
      writeFileSync(source, Buffer.alloc(32 * MIB, 'right '));
      const stop = new AbortController();
      await assert.rejects(copy({ signal: stop.signal, onProgress: abortAfter(ENOUGH_BYTES, stop) }));
      await untilParts(folder, 1, context);
      const [part = ''] = readdirSync(folder).filter((one) => one.endsWith('.part'));
      writeFileSync(join(folder, part), Buffer.alloc(statSync(join(folder, part)).size, 'wrong '));
      await copy();
      assert.ok(readFileSync(target).equals(readFileSync(source)));
      assert.deepEqual(readdirSync(folder).sort(), ['source', 'target']);
    });

    test(`${name} leaves nothing of a small file that was interrupted`, async () => {
      mkdirSync(source);
      for (let n = 0; n < 300; n++) writeFileSync(join(source, String(n)), Buffer.alloc(100_000, 'x'));
      const stop = new AbortController();
      await assert.rejects(copy({ signal: stop.signal, onProgress: () => stop.abort() }), { code: 'REMOTE_CALL_ABORTED' });
      await untilParts(target, 0, context);
      await copy();
      assert.deepEqual(treeOf(target), treeOf(source));
    });

    test(`${name} tells how far it is`, async () => {
      makeTree();
      const told: FileProgress[] = [];
      const { bytes } = await copy({ onProgress: (progress: FileProgress) => told.push(progress) });
      const last = told.at(-1);
      assert.deepEqual([last?.fileCount, last?.fileTotal, last?.bytes, last?.bytesTotal], [14, 14, bytes, bytes]);
      for (const [at, one] of told.entries()) assert.ok(at === 0 || one.bytes >= (told[at - 1]?.bytes ?? 0));
    });
  }

  test('sync makes a folder exactly as the other one, in either direction', async () => {
    makeTree();
    mkdirSync(join(target, 'a/was a folder'), { recursive: true });
    mkdirSync(join(target, 'old/old'), { recursive: true });
    writeFileSync(join(target, 'old/old/file'), '');
    writeFileSync(join(target, 'sub'), 'was a file');
    const { removedCount } = await context.files.sync(source, target);
    assert.equal(removedCount, 3);
    assert.deepEqual(treeOf(target), treeOf(source));
    writeFileSync(join(target, 'b'), 'B');
    rmSync(join(target, 'a'));
    await context.files.sync(source, target, { direction: 'get' });
    assert.deepEqual(treeOf(source), treeOf(target));
  });

  test('write and read move a small file', async () => {
    const path = join(folder, 'small');
    await context.files.write(path, 'text ä\n');
    assert.equal(await context.files.read(path), 'text ä\n');
    await context.files.write(path, Uint8Array.of(0, 255), { mode: 0o640 });
    assert.deepEqual([...(await context.files.read(path, { encoding: 'bytes' }))], [0, 255]);
    assert.equal(statSync(path).mode & 0o777, 0o640);
    await context.files.write(path, 'again');
    assert.equal(statSync(path).mode & 0o777, 0o640, 'the mode stays');
    await context.files.write(join(folder, 'hidden'), new Secret('secret'));
    assert.equal(statSync(join(folder, 'hidden')).mode & 0o777, 0o600);
    assert.equal(await context.files.read(join(folder, 'hidden')), 'secret');
    symlinkSync(path, join(folder, 'link'));
    await context.files.write(join(folder, 'link'), 'through');
    assert.equal(readFileSync(path, 'utf8'), 'through');
    assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
    assert.match(await context.files.read('/proc/self/status'), /^Name:/);
    await assert.rejects(context.files.read(path, { maxBytes: 3 }), { code: 'FILE_TOO_LARGE' });
    await assert.rejects(context.files.read(folder), { code: 'FILE_KIND' });
    await assert.rejects(context.files.read('/dev/zero'), { code: 'FILE_KIND' });
    await assert.rejects(context.files.write(folder, 'x'), { code: 'FILE_KIND' });
    await assert.rejects(context.files.write('/proc/sys/no-such-thing', 'x'), (error: Error & { code?: string }) =>
      ['FILE_DENIED', 'FILE_MISSING'].includes(error.code ?? ''),
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('.')),
      [],
    );
  });

  test('a full disk and a read-only one have codes, and leave the old file', async (t) => {
    const small = join(folder, 'disk');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', small], { stdio: 'ignore' });
    } catch {
      t.skip('nothing can be mounted here');
      return;
    }
    try {
      writeFileSync(source, Buffer.alloc(4 * MIB, 'x'));
      writeFileSync(join(small, 'file'), 'old');
      await assert.rejects(context.files.put(source, join(small, 'file')), { code: 'FILE_FULL' });
      await assert.rejects(context.files.get(source, join(small, 'file')), { code: 'FILE_FULL' });
      assert.equal(readFileSync(join(small, 'file'), 'utf8'), 'old');
      execFileSync('mount', ['-o', 'remount,ro', small]);
      await assert.rejects(context.files.write(join(small, 'file'), 'new'), { code: 'FILE_DENIED' });
    } finally {
      execFileSync('umount', [small]);
    }
  });

  test('a file that changes while it is sent is refused, and the old one stays', async () => {
    writeFileSync(source, Buffer.alloc(64 * MIB, 'x'));
    writeFileSync(target, 'old');
    let isChanged = false;
    const onProgress = (): void => {
      if (!isChanged) writeFileSync(source, 'now it is short');
      isChanged = true;
    };
    // Another try finds the short one: that is what arrives in the end.
    await context.files.put(source, target, { onProgress }).catch((error: { code?: string }) => assert.equal(error.code, 'FILE_CHANGED'));
    assert.ok(['old', 'now it is short'].includes(readFileSync(target, 'utf8')));
  });

  test('takes urls of files, and refuses options and paths that mean nothing', async () => {
    writeFileSync(source, 'x');
    await context.files.put(pathToFileURL(source), target);
    assert.equal(readFileSync(target, 'utf8'), 'x');
    await assert.rejects(async () => context.files.put('', target), { code: 'CALL_OPTIONS_INVALID' });
    await assert.rejects(async () => context.files.put(source, 'a\0b'), { code: 'CALL_OPTIONS_INVALID' });
    await assert.rejects(async () => context.files.put(source, target, { delete: true } as never), { code: 'CALL_OPTIONS_INVALID' });
    await assert.rejects(context.files.write(target, 5 as never), { code: 'CALL_OPTIONS_INVALID' });
    await assert.rejects(context.files.write(target, 'x', { mode: 0o4755 }), { code: 'CALL_OPTIONS_INVALID' });
  });
});

/** Interrupts a transfer in its middle, on machines of any speed: until then each step of it takes so long that the next one is told of too. */
function abortAfter(bytes: number, stop: AbortController): (progress: FileProgress) => void {
  return (progress) => {
    if (progress.bytes > bytes) stop.abort();
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  };
}

/** Waits until so many parts of files lie in a folder, and neither side has one of them open. */
async function untilParts(folder: string, count: number, { info }: Context): Promise<void> {
  const parts = (): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.part')) : []);
  await until(`${count} parts that nobody writes`, () => parts().length === count && ![process.pid, info.pid].some(writesPart));
  // Whoever wrote it has let it go a moment later.
  await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Whether a process has a part of a file open, where that can be seen. */
function writesPart(pid: number): boolean {
  const folder = `/proc/${pid}/fd`;
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((fd) => {
    try {
      return readlinkSync(join(folder, fd)).endsWith('.part');
    } catch {
      // It was closed, between the listing and the look perhaps.
      return false;
    }
  });
}
