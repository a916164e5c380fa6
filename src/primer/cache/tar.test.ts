import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { PrimeError } from '../problem.ts';
import { paxPath, safePath, unpack } from './tar.ts';

interface Member {
  readonly name: string;
  readonly kind?: string;
  readonly mode?: number;
  readonly body?: Buffer;
}

function header({ name, kind = '0', mode = 0o644, body = Buffer.alloc(0) }: Member): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  block.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  block.write(kind, 156);
  block.write('ustar\0', 257);
  return block;
}

const tarOf = (...members: readonly Member[]): Buffer =>
  Buffer.concat([
    ...members.flatMap((member) => {
      const body = member.body ?? Buffer.alloc(0);
      return [header(member), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
    }),
    Buffer.alloc(1024),
  ]);

async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tar-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const unpackBytes = (tgz: Buffer): Promise<Record<string, string>> =>
  inFolder(async (folder) => {
    const into = mkdtempSync(path.join(folder, 'into-'));
    writeFileSync(path.join(folder, 'a.tgz'), tgz);
    await unpack(path.join(folder, 'a.tgz'), into, () => true);
    const files = readdirSync(into, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(path.join(into, name)).isFile());
    return Object.fromEntries(files.sort().map((name) => [name, readFileSync(path.join(into, name), 'latin1')]));
  });

test('unpack writes regular files of any size and leaves links, devices and folders out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 5 }), async (bodies) => {
      const members: Member[] = bodies.map((body, i) => ({ name: `package/d/${i}`, body: Buffer.from(body) }));
      const odd: Member[] = [
        { name: 'package/link', kind: '2' },
        { name: 'package/hard', kind: '1' },
        { name: 'package/dev', kind: '3' },
        { name: 'package/dir/', kind: '5' },
      ];
      const files = await unpackBytes(gzipSync(tarOf(...odd, ...members)));
      assert.deepEqual(files, Object.fromEntries(bodies.map((body, i) => [`d/${i}`, Buffer.from(body).toString('latin1')])));
    }),
    { numRuns: 30 },
  );
});

test('unpack takes long names from pax headers', async () => {
  const name = `package/${'long/'.repeat(40)}file`;
  const record = ` path=${name}\n`;
  const length = record.length + String(record.length + 3).length;
  const body = Buffer.from('x');
  const files = await unpackBytes(
    gzipSync(tarOf({ name: 'pax', kind: 'x', body: Buffer.from(`${length}${record}`) }, { name: 'package/short', body })),
  );
  assert.deepEqual(files, { [name.slice('package/'.length)]: 'x' });
});

test('unpack refuses paths that lead outside, files that come twice, broken and cut archives', async () => {
  const body = Buffer.from('evil');
  const archives = [
    gzipSync(tarOf({ name: '../evil', body })),
    gzipSync(tarOf({ name: '/etc/evil', body })),
    gzipSync(tarOf({ name: 'package/../../evil', body })),
    gzipSync(tarOf({ name: 'package/a\\b', body })),
    gzipSync(tarOf({ name: 'package/a', body }, { name: 'package/a', body })),
    gzipSync(tarOf({ name: 'package/a', body }).subarray(0, 514)),
    gzipSync(tarOf({ name: 'package/a', body })).subarray(0, 40),
    gzipSync(tarOf({ name: 'pax', kind: 'x', body: Buffer.from('99 path=../evil\n') })),
    Buffer.from('no archive'),
  ];
  for (const archive of archives) await assert.rejects(unpackBytes(archive));
});

test('safePath drops the folder of the package and throws PRIME_INTEGRITY for what leads out', () => {
  assert.equal(safePath('package/bin/node'), 'bin/node');
  assert.equal(safePath('node-v1/./bin//node'), 'bin/node');
  for (const name of ['/a', '../a', 'package/../a', 'a\0b', 'a\\b'])
    assert.throws(
      () => safePath(name),
      (error) => error instanceof PrimeError && error.code === 'PRIME_INTEGRITY',
    );
});

test('paxPath never reads past its header', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        paxPath(Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof PrimeError);
      }
    }),
  );
});
