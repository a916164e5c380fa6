import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/source-imports.ts';

const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root, exclude: ['**/node_modules/**'] }).sort();

/** The name under which a heading can be linked to, as code hosts make it. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const withoutCode = (text: string): string => text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

function anchorsOf(file: string): Set<string> {
  const text = readFileSync(path.join(root, file), 'utf8').replace(/^```[^]*?^```/gm, '');
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}

test('links of the documents lead to files, and to headings in them', () => {
  let count = 0;
  const broken: string[] = [];
  for (const file of documents)
    for (const [, target = ''] of withoutCode(readFileSync(path.join(root, file), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      count++;
      const [where = '', anchor] = target.split('#');
      const found = where === '' ? file : path.posix.join(path.posix.dirname(file), where);
      if (!existsSync(path.join(root, found))) broken.push(`${file}: ${target}`);
      else if (anchor !== undefined && !anchorsOf(found).has(anchor)) broken.push(`${file}: ${target} has no such heading`);
    }
  assert.ok(count > 0, 'no link was seen');
  assert.deepEqual(broken, []);
});

test('paths that the documents name exist', () => {
  let count = 0;
  const missing: string[] = [];
  for (const file of documents)
    for (const [, named = ''] of readFileSync(path.join(root, file), 'utf8').matchAll(
      /(?<![\w/.-])((?:src|docs|tools|test|bench|examples)\/[\w./*-]*\w)/g,
    )) {
      count++;
      if (globSync(named.replace('NNNN-title', '*'), { cwd: root }).length === 0) missing.push(`${file}: ${named}`);
    }
  assert.ok(count > 20, `${count} paths were seen`);
  assert.deepEqual(missing, []);
});
