// docs/from-protoprimer.md accounts for each of the 62 behaviours; the tests that it names exist.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/source-imports.ts';

const page = readFileSync(path.join(root, 'docs/from-protoprimer.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\d+) \| (.+?) \| (.+) \|$/gm)].map(([, n = '', , here = '']) => ({ n: Number(n), here }));

test('docs/from-protoprimer.md has a row for each behaviour, with a test, what replaced it, why it has no meaning, or that it is open', () => {
  assert.deepEqual(
    rows.map(({ n }) => n),
    Array.from({ length: 62 }, (_, i) => i + 1),
  );
  for (const { n, here } of rows) assert.match(here, /`(?:src|test)\/|\*(?:replaced|no meaning|open)\*/, `row ${n}`);
});

test('docs/from-protoprimer.md names tests that exist', () => {
  let count = 0;
  const wrong: string[] = [];
  for (const { n, here } of rows)
    for (const [, file = '', , name] of here.matchAll(/`((?:src|test)\/[\w./-]+\.ts)`( «([^»]+)»)?/g)) {
      count++;
      if (!existsSync(path.join(root, file))) wrong.push(`${n}: ${file}`);
      else if (name === undefined ? !file.endsWith('.test-d.ts') : !readFileSync(path.join(root, file), 'utf8').includes(`test('${name}'`))
        wrong.push(`${n}: ${file} ${name ?? ''}`);
    }
  assert.ok(count > 40, `${count} were seen`);
  assert.deepEqual(wrong, []);
});
