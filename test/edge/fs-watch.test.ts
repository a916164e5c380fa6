// Watchers of the session: heard once, opened again after a kill, with a note that what happened between is not seen.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killAfter, program, run } from '../replay/support/program.ts';
import { testAll } from './support/check.ts';

testAll([
  {
    name: 'watch, promises.watch with a signal, and a path that cannot be watched',
    files: { f: 'old' },
    body: `
      const at = (name) => path.join(d, name);
      const watcher = fs.watch(d); const seen = [];
      const heard = once(watcher, 'change');
      const poke = setInterval(() => fs.writeFileSync(at('f'), 'new'), 5);
      const [type, name] = await heard; clearInterval(poke);
      watcher.on('close', () => seen.push('close')); watcher.close(); watcher.close(); await pause(1);
      const controller = new AbortController(); const changes = [];
      const again = setInterval(() => fs.writeFileSync(at('f'), 'newer'), 5);
      const ended = await caught(async () => { for await (const change of fsp.watch(d, { signal: controller.signal })) { changes.push(change.filename); clearInterval(again); controller.abort(); } });
      return [['change', 'rename'].includes(type), name, seen, typeof watcher.ref, watcher.constructor.name, changes[0], ended.slice(0, 2), (await caught(() => fs.watch(at('no')))).slice(0, 3)];`,
    every: 3,
  },
  {
    name: 'watchFile and unwatchFile',
    files: { f: 'old' },
    body: `
      const file = path.join(d, 'f');
      const sizes = await new Promise((resolve) => {
        const listener = (current, previous) => { fs.unwatchFile(file, listener); clearInterval(poke); resolve([current.size > 3, current instanceof fs.Stats, current.isFile(), typeof previous.mtimeMs]); };
        fs.watchFile(file, { interval: 5 }, listener);
        const poke = setInterval(() => { fs.writeFileSync(file + '.new', 'longer text'); fs.renameSync(file + '.new', file); }, 10);
      });
      return sizes;`,
    every: 3,
  },
]);

test('a watcher that is opened again says so', async () => {
  using built = await program(`
    import fs from 'node:fs';
    export default async function main({ data: { folder } }) {
      const watcher = fs.watch(folder);
      const heard = new Promise((resolve) => watcher.once('change', (type, name) => resolve(name)));
      await new Promise((resolve) => setTimeout(resolve, 5));
      const poke = setInterval(() => fs.writeFileSync(folder + '/f', 'x'), 5);
      const name = await heard;
      clearInterval(poke);
      watcher.close();
      return name;
    }`);
  const folder = path.join(built.folder, 'work');
  mkdirSync(folder);
  const options = { data: { folder }, id: 'ses_watch' };
  const history = await killAfter(built, 4, options);
  writeFileSync(path.join(folder, 'other'), '');
  const { outcome, warnings } = await run(built, { ...options, history });
  assert.equal(outcome.how === 'done' && outcome.value, 'f');
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /watched again/);
});
