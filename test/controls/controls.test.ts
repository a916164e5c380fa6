// The short part of the controls: that each of them still breaks something, and that the quick ones are noticed. All of them: run.ts.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { broken, Copy } from './copy.ts';
import { CONTROLS } from './table/index.ts';
import { tryControl, trySound } from './trial.ts';

const root = path.resolve(import.meta.dirname, '../..');
const quick = CONTROLS.filter(({ isQuick }) => isQuick === true);

test('broken() puts each fault of the table in, and the tests that must notice it are there', () => {
  assert.equal(new Set(CONTROLS.map(({ name }) => name)).size, CONTROLS.length);
  for (const control of CONTROLS) {
    const whole = readFileSync(path.join(root, control.file), 'utf8');
    assert.notEqual(broken(control, whole), whole);
    for (const { file } of control.noticedBy) assert.ok(existsSync(path.join(root, file)), `${control.name}: there is no ${file}`);
  }
});

test('broken() refuses a fault whose text is not there, is there twice, or stays as it is', () => {
  const control = { ...CONTROLS[0], name: 'one', file: 'a.ts', text: 'a', fault: 'b' } as (typeof CONTROLS)[number];
  assert.equal(broken(control, 'xa'), 'xb');
  for (const [whole, fault] of [
    ['x', 'b'],
    ['aa', 'b'],
    ['a', 'a'],
  ] as const)
    assert.throws(() => broken({ ...control, fault }, whole), /«one» breaks nothing/);
});

const copy = new Copy(root);
after(() => copy[Symbol.dispose]());
let sound: ReadonlyMap<string, number> = new Map();

test('the tests that must notice pass in a copy in which nothing is broken', { timeout: 1_200_000 }, async (context) => {
  sound = await trySound(copy, quick, (line) => context.diagnostic(line));
});

for (const control of quick)
  test(`control «${control.name}» is noticed: ${control.rule}`, async (context) => {
    const { noticedBy, blind } = await tryControl(copy, control, sound);
    context.diagnostic(noticedBy.join('; '));
    assert.deepEqual(blind, [], 'saw nothing');
  });
