import { after, test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compileShim } from '../power-cut/shim.ts';
import { needs } from '../support/needs.ts';
import { DELIVER_EARLY, NO_SYNC, UNBROKEN, UNRECORDED, brokenCopy, type Breakage } from './broken-copy.ts';
import type { Kill } from './plan.ts';
import { hostReport as subject } from './subject.ts';
import { sweep } from './sweep.ts';
import { trial, type TrialOptions } from './trial.ts';

const packageFolder = path.resolve(import.meta.dirname, '..', '..');
const place = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'resprout-controls-')));
after(() => rmSync(place, { recursive: true, force: true }));

test(
  'the host report ends as if nothing had happened after a kill at every fourth event, at random times and in every phase',
  { timeout: 3_000_000, skip: needs('linux') },
  async (context) => {
    const say = (line: string): void => context.diagnostic(line);
    const report = await sweep({ subject, packageFolder, events: 'few', randomCount: 8, parallel: 2, say });
    for (const [phase, times] of report.hits) context.diagnostic(`hit «${phase}» ${times} times`);
    assert.deepEqual(report.faults, [], report.faults.join('\n'));
  },
);

/** Faults of a few kills of a copy that was broken; the first fault is enough. */
async function faultsOf(
  context: TestContext,
  breakage: Breakage,
  kills: readonly Kill[],
  how: Pick<TrialOptions, 'powerCutShim' | 'commitDelayMs'> = {},
): Promise<readonly string[]> {
  const broken = path.join(place, breakage.name.replaceAll(' ', '-'));
  brokenCopy(packageFolder, broken, breakage);
  const reference = await trial({ subject, packageFolder, kill: undefined });
  assert.deepEqual(reference.faults, []);
  for (const kill of kills) {
    const { faults } = await trial({ subject, packageFolder: broken, kill, expected: reference.outcome, ...how });
    if (faults.length > 0) {
      context.diagnostic(`${breakage.name}: ${faults[0]?.slice(0, 300)}`);
      return faults;
    }
  }
  return [];
}

const cliAt = (seq: number): Kill => ({ way: 'cli', moment: { kind: 'event', seq } });

/** A runner that does not wait for commits is then seen to be ahead of them, however fast the disk of this machine is and however slow its far processes. */
const slowDisk = { commitDelayMs: 150 };

test('control: the sweep passes with a copy in which nothing is broken', { timeout: 900_000, skip: needs('linux') }, async (context) => {
  assert.deepEqual(await faultsOf(context, UNBROKEN, [cliAt(3), cliAt(8)], slowDisk), []);
});

test(
  'control: the sweep fails when results are delivered before their commit',
  { timeout: 900_000, skip: needs('linux') },
  async (context) => {
    const faults = await faultsOf(context, DELIVER_EARLY, [5, 8, 12, 20, 30].map(cliAt), slowDisk);
    // A call, or the end of the session, before the commit that holds it.
    assert.match(faults.join('\n'), /the journal knows nothing of it|has ended, and its journal says that it has not/);
  },
);

test('control: the sweep fails when far calls go unrecorded', { timeout: 900_000, skip: needs('linux') }, async (context) => {
  const faults = await faultsOf(context, UNRECORDED, [3, 8, 30].map(cliAt));
  assert.match(faults.join('\n'), /the journal knows nothing of it/);
});

const compiler = { program: 'cc', debianPackage: 'gcc' };

test(
  'control: the sweep fails when the journal is never synced and the power goes, and passes as it is',
  { timeout: 900_000, skip: needs('linux', compiler) },
  async (context) => {
    const powerCutShim = compileShim(place);
    const reference = await trial({ subject, packageFolder, kill: undefined });
    const asItIs = await trial({ subject, packageFolder, kill: cliAt(30), expected: reference.outcome, powerCutShim });
    assert.deepEqual(asItIs.faults, []);
    assert.match(
      (await faultsOf(context, NO_SYNC, [cliAt(30)], { powerCutShim })).join('\n'),
      /the journal knows nothing of it|the journal cannot be read/,
    );
  },
);
