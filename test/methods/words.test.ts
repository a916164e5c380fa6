// The words that tools get from options which no target of suite.test.ts gives: a stand-in takes exactly them, and then runs the rest.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as resprout from '../../src/index.ts';
import { needs } from '../support/needs.ts';
import { whoIsHere } from './programs/here.ts';
import { writeStandIn } from './support/stand-ins.ts';

const openers = resprout as unknown as Readonly<Record<string, (options: object) => Promise<resprout.Context>>>;

/** Options of each opener, and the words that they come to. */
const cases: Readonly<Record<string, readonly [options: object, words: readonly string[]]>> = {
  sudo: [
    { user: 'app', preserveEnv: true, selinuxRole: 'staff_r', selinuxType: 'staff_t' },
    ['-A', '-H', '-u', 'app', '-E', '-r', 'staff_r', '-t', 'staff_t', '--'],
  ],
  doas: [{ user: 'app' }, ['-u', 'app', '--']],
  docker: [{ container: 'web', user: 'app' }, ['exec', '--interactive', '--user=app', 'web']],
  podman: [{ container: 'web', user: 'app' }, ['exec', '--interactive', '--user=app', 'web']],
  buildah: [{ container: 'web', user: 'app' }, ['run', '--user=app', 'web', '--']],
  lxc: [{ container: 'web' }, ['--clear-env', '--name', 'web', '--']],
  nspawn: [{ directory: '/srv/web', user: 'app' }, ['--quiet', '--directory=/srv/web', '--user=app', '--console=pipe', '--']],
  chroot: [{ directory: '/srv/web', user: 'app' }, ['--userspec=app', '/srv/web']],
};

describe('words of a tool', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'resprout-words-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [method, [options, words]] of Object.entries(cases)) {
    const skip = method === 'doas' ? needs('linux', { program: 'perl', debianPackage: 'perl-base' }) : false;
    test(`${method} gets the words of its options, then the command`, { skip }, async () => {
      const tool = writeStandIn(folder, method, ['--mine', ...words]);
      await using context = await (openers[method]?.({ ...options, toolPath: tool, toolArgs: ['--mine'] }) ?? assert.fail());
      assert.ok((await context.call(whoIsHere)).pid > 0);
    });
  }
});
