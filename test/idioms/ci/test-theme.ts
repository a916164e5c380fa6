// The part of the suite that every change runs through: each program plain, in a session and in a replay, three of ten killed once
// and one of sixteen replayed sealed off.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readKnown, type Known } from '../known.ts';
import { knownFault } from '../report/known-faults.ts';
import { entryLine, entryOf } from '../report/report.ts';
import { sampledKillPoints, share } from '../stages/kill-points.ts';
import { checkBuilt, packageIn, ROOT } from '../stages/package-under-test.ts';
import { Bench, type PoolOptions } from '../stages/pool.ts';
import { canSeal } from '../stages/sealed.ts';
import { catalogue } from '../tables/catalogue.ts';
import type { Program } from '../tables/program.ts';

const LIMIT_MS = 30_000;
/** What is known to be wrong mostly hangs: it is not waited for as long as what must be right. Plain Node has to end within it too. */
const KNOWN_LIMIT_MS = 15_000;
const KILLED_SHARE = 0.3;
const SEALED_SHARE = 0.06;
/** On a machine of a person that cannot seal, the rest is shown all the same. */
const mayBeSealed = process.env['CI'] === 'true' || canSeal();

function optionsFor(program: Program, known: Known | undefined): PoolOptions {
  return {
    package: packageIn(ROOT),
    workers: 1,
    last: known?.at === 'session' ? 'session' : known?.at === 'replay' ? 'replay' : 'kills',
    limitMs: known?.at === 'session' || known?.at === 'replay' ? KNOWN_LIMIT_MS : LIMIT_MS,
    plainTwice: false,
    again: false,
    replayAfterKill: false,
    sealed: mayBeSealed && known === undefined && share(`sealed ${program.name}`) < SEALED_SHARE,
    mostWrongKills: 1000,
    killsOf: ({ name }, events) => (known === undefined && share(name) < KILLED_SHARE ? sampledKillPoints(name, events, 1) : []),
  };
}

/** Makes a test of each program of a theme. */
export function testTheme(theme: string): void {
  const known = readKnown();
  void describe(`programs of the theme ${theme}`, () => {
    let bench: Bench | undefined;
    before(() => checkBuilt(packageIn(ROOT)));
    after(async () => await bench?.[Symbol.asyncDispose]());
    for (const program of catalogue(theme))
      void test(program.name, async () => {
        const options = optionsFor(program, known.get(program.name));
        bench ??= new Bench(options);
        const entry = entryOf(await bench.examine(program, options));
        const fault = knownFault(entry, known.get(program.name), options.last, true);
        if (fault !== undefined) assert.fail(`${fault}\n${entryLine(entry)}`);
      });
  });
}
