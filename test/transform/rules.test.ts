// What is emitted for each rule, as text. After a change that is meant: RESPROUT_UPDATE=1 node tools/run-tests.ts test/transform/rules.test.ts
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixture } from './support/program.ts';
import { transformText } from './support/transform-text.ts';

for (const rule of readdirSync(fixture('rules')).sort()) {
  test(`transformFile: the rule "${rule}" gives the text that is kept for it`, () => {
    const input = ['input.ts', 'input.cts'].map((name) => fixture('rules', rule, name)).find((path) => existsSync(path)) ?? '';
    const expected = fixture('rules', rule, 'expected.js');
    const { text } = transformText(readFileSync(input, 'utf8'), { path: input.endsWith('.cts') ? 'input.cts' : 'input.ts' });
    if (process.env['RESPROUT_UPDATE'] === '1') writeFileSync(expected, `${text}\n`);
    assert.equal(`${text}\n`, readFileSync(expected, 'utf8'));
  });
}
