import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOn } from './progress.ts';
import { styleFor } from './style.ts';

test('progressOn rewrites one line on a terminal, prints one line per change elsewhere, and nothing when quiet', () => {
  const shown = (isTerminal: boolean, quiet: boolean): string => {
    let all = '';
    const step = progressOn((text) => (all += text), styleFor(isTerminal, { TERM: 'xterm', NO_COLOR: '1', LANG: 'C.UTF-8' }), quiet).step(
      'node',
    );
    step.now('fetching', () => 1_500_000);
    step.done('fetched');
    return all;
  };
  const live = shown(true, false).split('\r\u001b[K');
  assert.deepEqual(live, ['', '◐ node           fetching, 1.5 MB  0.0s', '✔ node           fetched  0.0s\n']);
  assert.match(shown(false, false), /^\+0\.0s node: fetching\n\+0\.0s node: fetched, 0\.0s\n$/);
  assert.equal(shown(true, true), '');
});
