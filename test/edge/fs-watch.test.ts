// Watchers of the session: heard once, opened again after a kill, and told what changed between.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
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

const WATCHES = `
    import fs from 'node:fs';
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    export default async function main({ data: { folder } }) {
      const watcher = fs.watch(folder);
      const told = [];
      const heard = new Promise((resolve) => watcher.on('change', (type, name) => { told.push(type + ' ' + name); if (name === 'last') resolve(); }));
      await pause();
      await pause();
      await heard;
      watcher.close();
      return told;
    }`;

test('a watcher tells after a kill what changed meanwhile, and not what it has told', async () => {
  using built = await program(WATCHES);
  const folder = path.join(built.folder, 'work');
  mkdirSync(folder);
  for (const name of ['stays', 'goes', 'last']) writeFileSync(path.join(folder, name), 'old');
  const options = { data: { folder }, id: 'ses_watch' };
  const history = await killAfter(built, 4, options);
  rmSync(path.join(folder, 'goes'));
  writeFileSync(path.join(folder, 'comes'), '');
  writeFileSync(path.join(folder, 'last'), 'newer');
  const { outcome, warnings } = await run(built, { ...options, history });
  assert.deepEqual(outcome.how === 'done' && outcome.value, ['rename comes', 'rename goes', 'change last']);
  assert.deepEqual(warnings, []);
});

test('a watcher of a large folder says after a kill that it has not seen what changed', async () => {
  using built = await program(WATCHES);
  const folder = path.join(built.folder, 'work');
  mkdirSync(folder);
  for (let i = 0; i < 4200; i++) writeFileSync(path.join(folder, `f${i}`), '');
  const options = { data: { folder }, id: 'ses_watch' };
  const history = await killAfter(built, 4, options);
  // Again and again: nothing tells when the folder is watched.
  const later = setInterval(() => writeFileSync(path.join(folder, 'last'), ''), 500);
  const { outcome, warnings } = await run(built, { ...options, history });
  clearInterval(later);
  assert.equal(outcome.how, 'done');
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /watched again/);
});

test('a watched file that changed while nobody watched is told of after a kill', async () => {
  using built = await program(`
    import fs from 'node:fs';
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    export default async function main({ data: { file } }) {
      const heard = new Promise((resolve) => fs.watchFile(file, { interval: 100_000 }, (is, was) => resolve([was.size, is.size])));
      await pause();
      await pause();
      const sizes = await heard;
      fs.unwatchFile(file);
      return sizes;
    }`);
  const file = path.join(built.folder, 'file');
  writeFileSync(file, 'old');
  const options = { data: { file }, id: 'ses_watch' };
  const history = await killAfter(built, 4, options);
  writeFileSync(file, 'longer');
  const { outcome } = await run(built, { ...options, history });
  assert.deepEqual(outcome.how === 'done' && outcome.value, [3, 6]);
});
