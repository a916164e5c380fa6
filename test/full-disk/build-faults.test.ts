// A build file that the system cannot read for a moment is not a missing one: replay and resume tell the error of the read, and go well afterwards.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '../support/needs.ts';
import { CLI, Shop } from '../cli/support/cli.ts';
import { noStrace } from './system-faults.ts';

const shop = new Shop({
  'steps.ts': `import { named } from './part.ts';
    export default async function main({ data }) {
      const late = await import(data.late);
      await new Promise((resolve) => setTimeout(resolve, 4000));
      return named() + late.named();
    }`,
  'part.ts': `export const named = () => 'part ' + String(named).length;`,
  'late.ts': `export const named = () => ' and late';`,
});
after(() => shop[Symbol.dispose]());

const PARKED = `ses_${'0'.repeat(25)}1`;
const ENDED = `ses_${'0'.repeat(25)}2`;
const builds = join(shop.store, 'builds');
/** In turn, a file each. */
const FAULTS = [
  [
    ['openat', 'EMFILE'],
    ['read', 'EIO'],
  ],
  [
    ['openat', 'EACCES'],
    ['statx', 'EIO'],
  ],
] as const;

/** Runs a command under strace, with faults in calls that touch one path, also of the processes that it starts. */
async function struck(
  args: readonly string[],
  path: string,
  inject: string,
): Promise<{ readonly exit: number | null; readonly err: string }> {
  const strace = ['-f', '-qq', '-o', join(shop.folder, 'trace'), '-P', path, '-e', `inject=${inject}`];
  const child = spawn('strace', [...strace, process.execPath, CLI, ...args], {
    cwd: shop.folder,
    env: shop.env(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), 120_000);
  const [exit] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { exit, err };
}

test(
  'replay and resume tell the error of a read of a build file by its own code, and find everything afterwards',
  { skip: noStrace, timeout: 1_200_000 },
  async (context) => {
    const data = ['-d', '{"late":"./late.ts"}'];
    assert.equal((await shop.run(['run', 'steps.ts', ...data, '--park', '--session', PARKED])).exit, 3);
    assert.equal((await shop.run(['run', 'steps.ts', ...data, '--session', ENDED])).exit, 0);
    // Sources that are gone: what is missing cannot be made again, and would be told.
    for (const name of ['steps.ts', 'part.ts', 'late.ts']) rmSync(join(shop.folder, name));
    const files = readdirSync(builds, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const codes = new Map<string, number>();
    for (const [i, { name, parentPath }] of files.entries()) {
      const path = join(parentPath, name);
      for (const [call, errno] of FAULTS[i % FAULTS.length] ?? []) {
        const { exit, err } = await struck(['replay', ENDED], path, `${call}:error=${errno}:when=1`);
        const code = /✖ (\w+)/.exec(err)?.[1] ?? (exit === 0 ? 'went well' : 'no code');
        codes.set(code, (codes.get(code) ?? 0) + 1);
        assert.ok(['went well', 'STORE_IO', 'FILE_IO'].includes(code), `${path} ${call} ${errno}: exit ${exit} ${err}`);
        if (code !== 'went well') assert.match(err, new RegExp(errno), 'it says what the system answered');
      }
    }
    context.diagnostic([...codes].map(([code, count]) => `${count} ${code}`).join(', '));
    assert.ok((codes.get('STORE_IO') ?? 0) > 10, JSON.stringify([...codes]));
    // Its text is asked for amid the program, which must not end with an error that is not its own.
    const part = files.find(
      ({ name, parentPath }) => name === 'shown.js' && /["']part ["']/.test(readFileSync(join(parentPath, name), 'utf8')),
    );
    for (const name of ['table.json', 'shown.js']) {
      const { exit, err } = await struck(['resume', PARKED], join(part?.parentPath ?? '', name), 'openat:error=EMFILE:when=1+');
      assert.equal(exit, 4);
      assert.match(err, /STORE_IO[^]*EMFILE/);
    }
    const resumed = await shop.run(['resume', PARKED]);
    assert.equal(resumed.exit, 0, resumed.err);
    assert.match(resumed.out, /^part \d+ and late\n$/);
    assert.equal((await shop.run(['replay', ENDED])).exit, 0);
  },
);

test(
  'call, run and sessions do not take a place that cannot be looked at for one where nothing is',
  { skip: needs('root', { program: 'setpriv', debianPackage: 'util-linux' }) },
  async () => {
    const locked = join(shop.folder, 'locked');
    writeFileSync(join(shop.folder, 'linked.ts'), `import './locked/inside.ts';\nexport default () => 1;\n`);
    mkdirSync(locked);
    writeFileSync(join(locked, 'inside.ts'), 'export default () => 1;\n');
    chmodSync(locked, 0o000);
    // As a user for whom permissions count. Everything else of the project is open to all.
    chmodSync(shop.folder, 0o777);
    const asOther = async (...args: string[]): Promise<{ readonly exit: number | null; readonly err: string }> => {
      const child = spawn('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, CLI, ...args], {
        cwd: shop.folder,
        env: { ...shop.env(), HOME: '/nonexistent', XDG_CACHE_HOME: '/nonexistent' },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let err = '';
      child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
      const [exit] = (await once(child, 'close')) as [number | null];
      return { exit, err };
    };
    try {
      assert.match((await asOther('call', 'local:', 'locked/inside.ts')).err, /FILE_IO[^]*EACCES/);
      assert.match((await asOther('sessions', '--store', 'locked/store')).err, /(FILE|STORE)_IO[^]*EACCES/);
      assert.match((await asOther('run', 'linked.ts', '--store', 'other')).err, /FILE_IO[^]*EACCES/);
    } finally {
      chmodSync(locked, 0o700);
    }
  },
);
