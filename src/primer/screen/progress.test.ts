import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressOn } from './progress.ts';
import { styleFor } from './style.ts';

test('progressOn rewrites one line on a terminal, prints one line per change elsewhere, and nothing when quiet', async () => {
  const shown = async (isTerminal: boolean, quiet: boolean, waitMs: number): Promise<string> => {
    let all = '';
    const style = styleFor(isTerminal, { TERM: 'xterm', NO_COLOR: '1', LANG: 'C.UTF-8' });
    const progress = progressOn(
      (text) => (all += text),
      style,
      quiet,
      () => 60,
    );
    const step = progress.step('node');
    step.now('fetching something with a name that is too long for this terminal', () => 1_500_000);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    step.now('checking');
    step.done('fetched');
    return all;
  };
  const live = (await shown(true, false, 900)).split('\r\u001b[K');
  assert.equal(live[0], '');
  assert.match(live[1] ?? '', /^◐ node {11}fetching something with a name t {2}\d\.\ds$/);
  assert.match(live.at(-2) ?? '', /^◐ node {11}checking {2}/);
  assert.match(live.at(-1) ?? '', /^✔ node {11}fetched {2}\d\.\ds\n$/);
  // On a machine that stands still a step is not short.
  let short = '';
  for (let tookMs = Infinity; tookMs > 250;) {
    const startedMs = performance.now();
    short = await shown(true, false, 0);
    tookMs = performance.now() - startedMs;
  }
  assert.equal(short.split('\r\u001b[K').length, 2, 'nothing before the end of a short step');
  assert.match(await shown(false, false, 0), /^\+\d\.\ds node: fetching .*\n\+\d\.\ds node: checking\n\+\d\.\ds node: fetched, \d\.\ds\n$/);
  assert.equal(await shown(true, true, 0), '');
});
