import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk } from '../../platform/disk/disk.ts';
import { realRandom } from '../../platform/random.ts';
import { createBuilder } from '../index.ts';
import { removeUnusedBuilds } from './unused-builds.ts';

const place = mkdtempSync(join(tmpdir(), 'resprout-unused-'));
after(() => rmSync(place, { recursive: true, force: true }));
const disk = createDisk({ sync: false });
let count = 0;

/** A folder of builds of two programs that share a file. */
function twoBuilds() {
  const project = join(place, String(count++));
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'shared.ts'), 'export const shared = 1;\n');
  for (const name of ['one', 'two'])
    writeFileSync(join(project, `${name}.ts`), `import { shared } from './shared.ts';\nexport const ${name} = shared;\n`);
  const folder = join(project, 'builds');
  const build = (name: string): string => createBuilder({ disk, cacheFolder: folder }).build(join(project, `${name}.ts`)).id;
  const [one, two] = [build('one'), build('two')];
  const left = (): { readonly builds: string[]; readonly files: number } => ({
    builds: readdirSync(folder).filter((name) => name.endsWith('.json')),
    files: readdirSync(join(folder, 'files')).length,
  });
  const remove = (needed: readonly string[]): number =>
    removeUnusedBuilds({ disk, random: realRandom, folder, needed: new Set(needed), nowMs: Date.now() });
  return { folder, build, one, two, left, remove };
}

function age(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true })) utimesSync(join(folder, String(name)), 1000, 1000);
}

test('removeUnusedBuilds() removes builds that nobody needs, with the files that were theirs alone', () => {
  const { folder, one, two, left, remove } = twoBuilds();
  age(folder);
  assert.equal(remove([one, two]), 0);
  assert.deepEqual(left(), { builds: [`${one}.json`, `${two}.json`].sort(), files: 3 });
  assert.equal(remove([one]), 1);
  assert.deepEqual(left(), { builds: [`${one}.json`], files: 2 });
  assert.equal(remove([]), 1);
  assert.deepEqual(left(), { builds: [], files: 0 });
});

test('removeUnusedBuilds() leaves what was built or used within a day, which may not be recorded as needed yet', () => {
  const { folder, build, one, two, left, remove } = twoBuilds();
  assert.equal(remove([]), 0);
  age(folder);
  assert.equal(build('two'), two);
  assert.equal(remove([]), 1);
  assert.deepEqual(left(), { builds: [`${two}.json`], files: 2 });
  assert.notEqual(one, two);
  age(folder);
  // A build that somebody needs again after its files have gone is made anew.
  assert.equal(remove([]), 1);
  assert.equal(build('one'), one);
  assert.deepEqual(left(), { builds: [`${one}.json`], files: 2 });
});

test('removeUnusedBuilds() removes no file while a manifest that is left cannot be read', () => {
  const { folder, one, left, remove } = twoBuilds();
  writeFileSync(join(folder, 'damaged.json'), '{');
  age(folder);
  assert.equal(remove([one, 'damaged']), 1);
  assert.deepEqual(left(), { builds: [`${one}.json`, 'damaged.json'].sort(), files: 3 });
});

test('removeUnusedBuilds() takes what a removal that was killed has left', () => {
  const { folder, one, two, remove } = twoBuilds();
  mkdirSync(join(folder, '.gone-0123'));
  writeFileSync(join(folder, '.gone-0123', 'table.json'), '{}');
  assert.equal(remove([one, two]), 0);
  assert.equal(readdirSync(folder).includes('.gone-0123'), false);
});
