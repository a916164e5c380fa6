import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { needs } from '../../../../test/support/needs.ts';
import { BECOME_AND_REMOVE, seekingText } from '../start/probe.ts';
import { GO_LINE, lookLine, putLine } from './far-text.ts';

const MARK = 'm0123456789abcdef';
const skip = needs('linux');
const shells = ['dash', 'bash', 'zsh', 'mksh', 'ksh93', 'busybox sh', 'yash'].filter(
  (shell) => spawnSync('sh', ['-c', `command -v ${shell.split(' ')[0]}`]).status === 0,
);
/** A program that is taken for Node: it says a version, and what it was started with. */
const PROGRAM = Buffer.from('#!/bin/sh\n[ "$1" = -v ] && echo v26.10.0 || echo "runs ${2##*;} ${0##*/}" >&4\n');
const sha256 = createHash('sha256').update(PROGRAM).digest('hex');
const order = { sha256, bytes: PROGRAM.length, neededKib: 64, inMemory: false };

/**
 * Runs the probe in a shell where there is no Node; each of these goes to its stdin when it has said a line, and then its end.
 * @returns the lines that it says
 */
async function push(shell: string, home: string, ...turns: readonly (readonly (string | Uint8Array)[])[]): Promise<string[]> {
  const [file = '', ...args] = shell.split(' ');
  // The folders of this machine's Nodes are not among those that are searched.
  const probe = seekingText(true).replaceAll(/\/(usr|opt)\b/g, '/none/$1');
  const child = spawn(file, [...args, '-c', probe, MARK, 'STAGE'], {
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    // zsh is what it is called.
    argv0: args.length === 0 ? 'sh' : file,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  child.stdin.on('error', () => {});
  const left = [...turns];
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    for (const bytes of left.shift() ?? []) child.stdin.write(bytes);
    if (left.length === 0) child.stdin.end();
  }
  clearTimeout(timer);
  return lines;
}

async function inHome(use: (home: string, kept: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'resprout-home-'));
  try {
    await use(home, join(home, '.cache/resprout/nodes'));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const look = lookLine(order, BECOME_AND_REMOVE);
const packed = gzipSync(PROGRAM);
const put = putLine({ name: 'node', ...order }, 'gzip', packed.length);

test('lookLine is one line without a backslash, whatever reads it', () => {
  assert.doesNotMatch(look, /\\|\n./);
  assert.match(look, /\n$/);
});

for (const shell of shells)
  test(`lookLine, putLine and GO_LINE take a file, start it and find it again, in ${shell}`, { skip }, async () => {
    await inHome(async (home, kept) => {
      const said = await push(shell, home, [look], [put, packed], [GO_LINE]);
      assert.match(said[0] ?? '', new RegExp(`^${MARK} no `));
      assert.match(said[1] ?? '', new RegExp(`^${MARK} say lack .*gzip,none .*/\\.part-`));
      assert.deepEqual(said.slice(2), [`${MARK} say got node`, `${MARK} ok ${kept}/${sha256}/node v26.10.0`, 'runs STAGE node']);
      assert.deepEqual(readdirSync(kept), [sha256]);
      assert.equal(statSync(kept).mode & 0o777, 0o700);
      assert.deepEqual((await push(shell, home, [look])).slice(1), said.slice(3));
    });
  });

test(
  'a file that is not what was meant is removed and never run, whether its bytes are too few, too many or others',
  { skip },
  async () => {
    const others: Record<string, Uint8Array> = {
      few: gzipSync(PROGRAM.subarray(1)),
      many: gzipSync(Buffer.concat([PROGRAM, PROGRAM])),
      others: gzipSync(Buffer.from(PROGRAM.map((byte, at) => (at === 30 ? byte ^ 1 : byte)))),
      broken: packed.subarray(0, packed.length - 9),
    };
    for (const [what, bytes] of Object.entries(others))
      await inHome(async (home, kept) => {
        const said = await push('sh', home, [look], [putLine({ name: 'node', ...order }, 'gzip', bytes.length), bytes]);
        assert.match(said[2] ?? '', new RegExp(`^${MARK} say bad node`), what);
        assert.equal(
          said.some((line) => line.includes(' ok ') || line.startsWith('runs')),
          false,
          what,
        );
        assert.deepEqual(readdirSync(kept), [], what);
      });
  },
);

test('a stdin that ends in the middle leaves nothing', { skip }, async () => {
  await inHome(async (home, kept) => {
    await push('sh', home, [look], [put, packed.subarray(0, 20)]);
    assert.deepEqual(readdirSync(kept), []);
  });
});

test('a folder that others may write to, or that is no folder, is not used', { skip }, async () => {
  for (const make of [
    (kept: string) => mkdirSync(kept, { recursive: true, mode: 0o777 }),
    (kept: string) => {
      mkdirSync(join(kept, '..'), { recursive: true });
      writeFileSync(kept, '');
    },
  ])
    await inHome(async (home, kept) => {
      const before = process.umask(0);
      make(kept);
      process.umask(before);
      const said = await push('sh', home, [look], [put, packed], [GO_LINE]);
      assert.doesNotMatch(said[1] ?? '', new RegExp(kept));
      assert.match(said.at(-1) ?? '', /runs STAGE/);
      assert.equal(existsSync(join(kept, sha256)), false);
    });
});

test('what pushes of ended processes left is swept, a lock of one is not waited for', { skip }, async () => {
  await inHome(async (home, kept) => {
    const dead = spawnSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).stdout.trim();
    // The names of this host and process numbering come from a push itself.
    const part = /\.part-(.*)-\d+$/.exec((await push('sh', home, [look]))[1] ?? '');
    const host = part?.[1] ?? assert.fail();
    mkdirSync(join(kept, `.part-${host}-${dead}`), { recursive: true });
    mkdirSync(join(kept, `.part-elsewhere.1-${dead}`));
    writeFileSync(join(kept, `${sha256}.lock`), `${dead} ${host}\n`);
    assert.match((await push('sh', home, [look], [put, packed], [GO_LINE])).at(-1) ?? '', /runs STAGE/);
    assert.deepEqual(readdirSync(kept).toSorted(), [`.part-elsewhere.1-${dead}`, sha256]);
  });
});
