// Data files beside far modules: what the program names and what packages hold is found there, everything else says why not.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const REPO = new URL('../../', import.meta.url).pathname;
const CLI = join(REPO, 'src/cli/main.ts');

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module"}',
  'data/page.html': 'page',
  'data/other.html': 'other',
  'data/with space.txt': 'space',
  'data/auth-token.json': '{}',
  'data/server.key': 'key',
  'more/shown.txt': 'shown',
  'node_modules/with-data/package.json': '{"name":"with-data","main":"lib/index.js"}',
  'node_modules/with-data/words.txt': 'words',
  'node_modules/with-data/.npmrc': 'token',
  'node_modules/with-data/lib/index.js': `
    const path = require('path'), fs = require('fs'), { readFileSync } = require('fs');
    exports.read = (name) => readFileSync(path.join(__dirname, '..', name), 'utf8');
    exports.exists = (name) => fs.existsSync(path.join(__dirname, '..', name));`,
  'ops.ts': `
    import { accessSync, createReadStream, existsSync, lstatSync, openSync, promises, readdirSync, readFile, readFileSync, realpathSync, statSync } from 'node:fs';
    import { readFile as readLater, stat } from 'node:fs/promises';
    import { join } from 'node:path';
    import { text } from 'node:stream/consumers';
    import { exists, read } from 'with-data';
    const page = new URL('./data/page.html', import.meta.url);
    export async function found() {
      const { length } = readFileSync(page);
      const forms = [readFileSync(page, 'utf8'), await readLater(page, { encoding: 'utf8' }), await promises.readFile(page.pathname, 'utf8')];
      forms.push(await new Promise((resolve) => readFile(page, 'utf8', (_error, value) => resolve(value))));
      forms.push(await text(createReadStream(page)), await text(createReadStream(page, { start: 1, end: 2, encoding: 'utf8' })));
      accessSync(page);
      const facts = [statSync(page).isFile(), statSync(page).size, lstatSync(page).isSymbolicLink(), (await stat(page)).isDirectory(), existsSync(page)];
      const named = [readFileSync(new URL('./data/with%20space.txt', import.meta.url), 'utf8'), readFileSync(join(import.meta.dirname, 'data', 'page.html'), 'latin1')];
      readFileSync(page)[0] = 0;
      return { length, forms, facts, named, again: readFileSync(page, 'utf8'), real: realpathSync(page).endsWith('data/page.html'), own: [read('words.txt'), exists('words.txt'), exists('none.txt')] };
    }
    export function refused() {
      const url = (name: string) => new URL(\`./data/\${name}\`, import.meta.url);
      const tries = [
        () => readFileSync(url('other.html')), () => readFileSync(new URL('./data/missing.html', import.meta.url)), () => readFileSync(new URL('./data/auth-token.json', import.meta.url)),
        () => readFileSync(new URL('./data/server.key', import.meta.url)), () => read('../../package.json'), () => read('.npmrc'), () => read('none.txt'), () => read('../../../outside.txt'),
        () => openSync(page), () => readdirSync(new URL('./data', import.meta.url)), () => readFileSync(new URL('./data', import.meta.url)), () => statSync(url('../more/shown.txt')),
      ];
      return tries.map((one) => { try { return String(one()); } catch (error) { return error.code + ' ' + error.syscall + ': ' + error.message; } });
    }
    export function shown(name: string) { return readFileSync(join(import.meta.dirname, name), 'utf8'); }
    export function ordinary() { return [existsSync('/'), existsSync('/no/such/file'), statSync('/').isDirectory(), readdirSync('/').length > 0]; }`,
  'program.ts': `
    import { local } from 'resprout';
    import { found, ordinary, refused, shown } from './ops.ts';
    export default async function main() {
      const plain = await local({ name: 'plain' });
      const told = await local({ name: 'told', serve: ['more/**'] });
      const below = await local({ name: 'below', via: plain });
      console.log(JSON.stringify({
        found: await plain.call(found), below: await below.call(found), refused: await plain.call(refused), ordinary: await plain.call(ordinary),
        shown: await told.call(shown, 'more/shown.txt'),
      }));
    }
    if (import.meta.main) await main();`,
};

const FOUND = {
  length: 4,
  forms: ['page', 'page', 'page', 'page', 'page', 'ag'],
  facts: [true, 4, false, false, true],
  named: ['space', 'page'],
  again: 'page',
  real: true,
  own: ['words', true, false],
};

const REFUSED: readonly RegExp[] = [
  /^ENOENT open: .*other\.html' \(.*no file of the program names it as new URL.*"serve": \["data\/other\.html"\]/,
  /^ENOENT open: .*there is no such file on the controller/,
  /^ENOENT open: .*files named like auth-token\.json are not served/,
  /^ENOENT open: .*files named like server\.key are not served/,
  /^ENOENT open: .*no file of the program names it/,
  /^ENOENT open: .*files named like \.npmrc are not served/,
  /^ENOENT open: .*there is no such file on the controller/,
  /^ENOENT open: .*it is outside/,
  /^ENOENT open: .*it lies on the controller: on this side it can only be read as a whole/,
  /^ENOENT readdir: .*it lies on the controller/,
  /^ENOENT open: .*not served/,
  /^ENOENT stat: .*no file of the program names it/,
];

describe('data files of far modules', () => {
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'resprout-data-')));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    symlinkSync(REPO, join(folder, 'node_modules/resprout'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [how, args] of Object.entries({ 'a plain program': ['program.ts'], 'a session': [CLI, 'run', 'program.ts'] }))
    test(`are found in ${how}, or tell why they are not`, () => {
      const { stderr, stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const seen = JSON.parse(stdout) as { found: unknown; below: unknown; refused: string[]; ordinary: unknown; shown: string };
      assert.deepEqual(seen.found, FOUND);
      assert.deepEqual(seen.below, FOUND);
      assert.deepEqual(seen.ordinary, [true, false, true, true]);
      assert.equal(seen.shown, 'shown');
      for (const [at, pattern] of REFUSED.entries()) assert.match(seen.refused[at] ?? '', pattern);
      assert.equal(seen.refused.length, REFUSED.length);
      assert.doesNotMatch(seen.refused.join('\n'), /\/rs[0-9a-f]{24}-/, 'no far path is shown');
    });

  test('are listed by explain --served', () => {
    const { stdout } = spawnSync(process.execPath, [CLI, 'explain', '--served', 'program.ts'], { cwd: folder, encoding: 'utf8' });
    for (const name of ['data/page.html', 'data/with space.txt']) assert.ok(stdout.includes(`  ${name}\n`), stdout);
    for (const name of ['other.html', 'missing.html', 'auth-token.json', 'server.key']) assert.ok(!stdout.includes(name), stdout);
  });
});
