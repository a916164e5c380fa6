import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildOf } from './support/project.ts';

/** Files of the build of a program, and where the requires of its entry lead. */
function built(main: string): { readonly files: string[]; readonly requires: Record<string, string> } {
  const { build, program } = buildOf({
    'main.ts': main,
    'lib.cjs': `module.exports = require('./deep.cjs');\n`,
    'deep.cjs': `exports.deep = 1;\n`,
    'data.json': `{ "a": 1 }`,
  });
  const short = (file: string): string => file.replace(`${program.folder}/`, '');
  const table = build.manifest.resolution[program.path('main.ts')] ?? {};
  const requires = Object.entries(table).filter(([key]) => key.startsWith('r:'));
  return {
    files: [...build.files()].map(short).sort(),
    requires: Object.fromEntries(requires.map(([key, target]) => [key, short(target)])),
  };
}

const ALL = ['data.json', 'deep.cjs', 'lib.cjs', 'main.ts'];
const BOTH = { 'r:./lib.cjs': 'lib.cjs', 'r:./data.json': 'data.json' };

test('a build holds the files that createRequire of its files requires by literal specifiers, and what these require', () => {
  for (const main of [
    `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nexport default () => [load('./lib.cjs'), load('./data.json')];`,
    `import { createRequire } from 'module';\nconst require = createRequire(import.meta.filename);\nexport default () => [require('./lib.cjs'), require('./data.json')];`,
    `import { createRequire as from } from 'node:module';\nexport default () => [from(import.meta.url)('./lib.cjs'), (from(import.meta.url))('./data.json')];`,
    `import module from 'node:module';\nconst { lib } = { lib: module.createRequire(import.meta.url)('./lib.cjs') };\nfunction later() { const get = module.createRequire(import.meta.url); return get('./data.json'); }\nexport default () => [lib, later()];`,
  ])
    assert.deepEqual(built(main), { files: ALL, requires: BOTH }, main);
});

test('a build takes nothing from a require of another place, from a computed specifier, or from a function of another name', () => {
  for (const main of [
    `import { createRequire } from 'node:module';\nconst load = createRequire('/elsewhere/x.js');\nexport default () => load('./lib.cjs');`,
    `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nconst name = './lib.cjs';\nexport default () => load(name);`,
    `const load = (file: string) => file;\nexport default () => load('./lib.cjs');`,
  ])
    assert.deepEqual(built(main), { files: ['main.ts'], requires: {} }, main);
});
