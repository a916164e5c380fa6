// An object of a boundary that the program listens to, and that goes with its process.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { buildProgram, killAfter, run, type Program } from './support/program.ts';

const FEED = `
import { EventEmitter } from 'node:events';
export class Feed extends EventEmitter {
  begin(n) {
    let i = 0;
    const next = () => { this.emit('row', i++); if (i < n) setTimeout(next, 5); else this.emit('close'); };
    setTimeout(next, 5);
  }
}`;

/** Two rows of a feed. @param listener more that the program says to it */
const withFeed = async (listener: string): Promise<Program> =>
  await buildProgram({
    'main.ts': `
    import { Feed } from 'kit';
    export default () => new Promise((resolve) => {
      const feed = new Feed(); const rows = [];
      feed.on('row', (row) => rows.push(row)); feed.on('close', () => resolve(rows)); ${listener}
      feed.begin(2);
    });`,
    'node_modules/kit/package.json': '{ "name": "kit", "type": "module", "exports": "./index.js" }',
    'node_modules/kit/index.js': FEED,
  });

for (const [told, listener, how] of [
  ['is told lost to its error listener', `feed.on('error', (error) => resolve(error.code));`, 'done'],
  ['ends the program when nobody listens for errors', '', 'failed'],
] as const)
  test(`an object of a package that was heard of before a kill ${told}`, async () => {
    using built = await withFeed(listener);
    const recorded = await run(built, { id: 'ses_feed' });
    assert.deepEqual(recorded.outcome.how === 'done' && recorded.outcome.value, [0, 1]);
    const heard = recorded.events.findIndex((event) => event.t === 'cb') + 1;
    const history = await killAfter(built, heard, { id: 'ses_feed' });
    assert.equal(history.at(-1)?.t, 'cb');
    const { outcome, events } = await run(built, { id: 'ses_feed', history });
    const value = outcome.how === 'done' ? outcome.value : (outcome.error as { readonly code?: unknown }).code;
    assert.deepEqual([outcome.how, value], [how, 'LIVE_OBJECT_LOST']);
    assert.deepEqual((await run(built, { id: 'ses_feed', history: events })).appended, []);
  });
