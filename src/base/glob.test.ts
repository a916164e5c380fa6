import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesGlob } from './glob.ts';

test('matchesGlob() takes one name for *, any folders for **, and everything else as it is', () => {
  const cases: readonly (readonly [glob: string, text: string, matches: boolean])[] = [
    ['*_TOKEN', 'GH_TOKEN', true],
    ['*_TOKEN', 'GH_TOKENS', false],
    ['A?', 'AB', true],
    ['A?', 'A', false],
    ['lib/*.ts', 'lib/a.ts', true],
    ['lib/*.ts', 'lib/b/a.ts', false],
    ['lib/**', 'lib/b/a.ts', true],
    ['lib/**', 'libs/a.ts', false],
    ['**/*.json', 'a.json', true],
    ['**/*.json', 'x/y/a.json', true],
    ['a.b', 'axb', false],
    ['a(b)[c]{d}+$', 'a(b)[c]{d}+$', true],
    ['', '', true],
  ];
  for (const [glob, text, matches] of cases) assert.equal(matchesGlob(text, glob), matches, `${glob} for ${text}`);
});
