// Each method where the Node that it names is not there: one is put there, through whatever stands between, and leaves nothing.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as resprout from '../../src/index.ts';
import { METHODS } from '../../src/remote/connect/methods.ts';
import { openTargets, targetsProblem, type Targets } from '../methods/support/targets.ts';
import { until } from '../support/until.ts';
import { nodeFacts } from './programs/facts.ts';

/** `ssh` has hosts of its own: hosts.test.ts; `local` opens no shell. */
const methods = METHODS.map(({ name }) => name).filter((name) => name !== 'ssh' && name !== 'local');

type Opener = (options: object) => Promise<resprout.Context>;
const openers = resprout as unknown as Readonly<Record<string, Opener>>;

describe('pushNode', { skip: targetsProblem() }, () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'resprout-push-'));
  let targets: Targets;
  before(async () => {
    process.env['XDG_CACHE_HOME'] = cache;
    resprout.setContextLog(() => {});
    targets = await openTargets();
  });
  after(async () => {
    await targets.close();
    rmSync(cache, { recursive: true, force: true });
  });

  for (const method of methods)
    test(`puts a Node there by ${method}`, async () => {
      const open = openers[method] ?? assert.fail('there is no opener of this name');
      const context = await open({ ...targets.options[method], node: '/no/such/node', pushNode: 'memory' });
      const { child, execPath } = await context.call(nodeFacts);
      assert.equal(child, process.version);
      // A folder that is entered by chroot has no /proc here.
      assert.match(execPath, method === 'chroot' ? /^\/tmp\/\.part-.*\/node$/ : /^\/proc\/\d+\/exe$/);
      await context.close();
      const directory = targets.options['chroot']?.['directory'];
      if (method === 'chroot')
        await until('nothing left', () => readdirSync(`${String(directory)}/tmp`).every((name) => !name.startsWith('.part-')));
    });
});
