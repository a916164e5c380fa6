import { test } from 'node:test';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BENCHES, COMMAND, MARKERS } from '../../bench/all.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What stands between the markers. */
function writtenPart(): string {
  const document = readFileSync(path.join(root, 'docs/performance.md'), 'utf8');
  const begin = document.indexOf(MARKERS.begin);
  const end = document.indexOf(MARKERS.end, begin);
  assert.ok(begin >= 0 && end > begin, 'docs/performance.md has no place for the table');
  return document.slice(begin + MARKERS.begin.length, end);
}

test('bench/all.ts runs every file of bench/', () => {
  const files = globSync('*.ts', { cwd: path.join(root, 'bench') }).map((file) => path.basename(file, '.ts'));
  assert.deepEqual([...BENCHES].sort(), files.filter((name) => name !== 'all').sort());
});

test('docs/performance.md names its command and the machine', () => {
  const [sentence = ''] = writtenPart().trim().split('\n');
  assert.ok(sentence.startsWith(`\`${COMMAND}\` on `), sentence);
  const facts = [/\d+ cores?;/, /GiB of memory/, /Node \d+\./, /fsync takes \d+ us/, /20\d\d-\d\d-\d\d/, /load average \d/];
  for (const fact of facts) assert.match(sentence, fact);
});

test('docs/performance.md has the rows of every bench, each with figure, floor or peer, and ratio', () => {
  const rows = writtenPart()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| /, '').trim()));
  for (const name of BENCHES) {
    const own = rows.filter(([bench]) => bench === `\`${name}\``);
    assert.ok(own.length > 0, `${name} has no row: ${COMMAND}`);
    for (const [, figure = '', mine = '', peer = '', theirs = '', ratio = ''] of own) {
      assert.notEqual(figure, '');
      if (mine.startsWith('not measured: ')) continue;
      for (const cell of [mine, theirs, ratio]) assert.match(cell, /^[\d.,]+( (ms|us|ns|B))? \([\d.,]+ to [\d.,]+\)$/);
      assert.notEqual(peer, '');
    }
  }
});
