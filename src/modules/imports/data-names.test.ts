import { test } from 'node:test';
import assert from 'node:assert/strict';
import { dataNames } from './data-names.ts';

const FILE = '/project/src/ops.ts';

test('dataNames() finds what is written out beside the module', () => {
  const text = `
    const a = new URL('./a.txt', import.meta.url), b = new URL(\`../data/b%20c.bin\`, import.meta.url);
    function f() { return readFileSync((new URL("c", import.meta.url))); }
    join(import.meta.dirname, 'templates', 'd.html'); path.resolve(import.meta.dirname, '../e');
  `;
  assert.deepEqual(dataNames(text, 'module', FILE), [
    '/project/src/a.txt',
    '/project/data/b c.bin',
    '/project/src/c',
    '/project/src/templates/d.html',
    '/project/e',
  ]);
  assert.deepEqual(dataNames(`require('path').join(__dirname, 'x')`, 'commonjs', FILE), ['/project/src/x']);
});

test('dataNames() finds nothing that is put together, commented out or elsewhere', () => {
  const text = `
    // new URL('./a', import.meta.url)
    const s = "new URL('./b', import.meta.url)";
    new URL('./' + c, import.meta.url); new URL(\`./\${d}\`, import.meta.url); new URL('./e', base); new URL('https://x/f', import.meta.url);
    new URL('file://host/g', import.meta.url); new Url('./h', import.meta.url); join(folder, 'i'); join(import.meta.dirname, name); join(import.meta.dirname);
  `;
  assert.deepEqual(dataNames(text, 'module', FILE), []);
});
