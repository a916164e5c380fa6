// Units that do what no unit should, and owners that are in a hurry: the owner lives, and whoever waits is told why.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { supervise, tree, unit } from '../../src/supervisor.ts';
import { Heard } from './support/lives.ts';
import { Odd, Waits } from './support/runtimes.ts';

const LIMIT = { timeout: 200_000 };
const CASES = {
  garbage: ['lost', /sent something that is no report, in run$/, false],
  unreadable: ['threw', /^Odd threw in run: $/, true],
  symbol: ['threw', /Symbol\(odd\)/, true],
  extend: ['threw', /RangeError: unit\.extend takes 0 to 3600000 milliseconds, not -1$/, true],
} as const;

for (const place of ['thread', 'process'] as const) {
  for (const [what, [kind, text, isTornDown]] of Object.entries(CASES))
    test(`${place}: ${what} is a failure of the unit alone`, LIMIT, async () => {
      const heard = new Heard();
      const options = { in: place, restart: 'temporary', onEvent: heard.onEvent } as const;
      const supervisor = await supervise(Odd, what as keyof typeof CASES, options);
      assert.equal((await supervisor.ended).how, 'finished');
      const [end] = heard.ends;
      assert.deepEqual([end?.how, end?.failure?.kind, end?.isTornDown], ['failed', kind, isTornDown]);
      assert.match(String(end?.failure?.error.message), text);
    });

  for (const state of ['preparing', 'starting', 'ready'] as const)
    test(`${place}: a start that is given up by whoever hears of «${state}» leaves nothing`, LIMIT, async () => {
      const heard = new Heard();
      const stop = new AbortController();
      const units = ['a', 'b'].map((name) => unit(Waits, undefined, { in: place, name }));
      const onEvent: Heard['onEvent'] = (event) => {
        heard.onEvent(event);
        if (event.kind === 'state' && event.unit === 'b' && event.state === state) stop.abort(new Error('enough'));
      };
      const started = supervise(tree({ units }), { signal: stop.signal, onEvent });
      if (state === 'ready') await (await started.catch(() => undefined))?.close();
      else await assert.rejects(started, /^Error: enough$/);
      assert.deepEqual(heard.states('ended'), ['b ended', 'a ended']);
    });
}
