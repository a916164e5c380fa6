import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, parseRange } from './version-range.ts';

test('parseRange accepts what npm’s ranges accept', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    // text, accepted, refused
    ['26.10.0', '26.10.0', '26.10.1 26.9.9 25.10.0'],
    ['v26.10.0', '26.10.0', '26.10.1'],
    ['22', '22.0.0 22.99.1', '21.9.9 23.0.0'],
    ['22.x', '22.0.0 22.99.1', '21.9.9 23.0.0'],
    ['22.3', '22.3.0 22.3.9', '22.4.0 22.2.9'],
    ['', '0.1.2 99.0.0', ''],
    ['*', '0.1.2 99.0.0', ''],
    ['>=24.18', '24.18.0 26.0.0', '24.17.9'],
    ['>22', '23.0.0', '22.9.9'],
    ['>22.3.1', '22.3.2', '22.3.1'],
    ['<=22', '22.99.0 20.0.0', '23.0.0'],
    ['<22.3', '22.2.9', '22.3.0'],
    ['^20.17', '20.17.0 20.99.0', '20.16.9 21.0.0'],
    ['^0.8.6', '0.8.9', '0.9.0 0.8.5'],
    ['~22.3.1', '22.3.9', '22.3.0 22.4.0'],
    ['~22', '22.9.9', '23.0.0'],
    ['>= 20.17 < 23 || ^24.1', '20.17.0 22.9.9 24.1.0', '20.16.0 23.0.0 24.0.9 25.0.0'],
    ['18 - 20', '18.0.0 20.9.9', '17.9.9 21.0.0'],
    ['18.2.0 - 20.1.0', '18.2.0 20.1.0', '20.1.1'],
    ['^22.22.2 || ^24.15.0 || >=26', '22.22.2 24.15.0 27.0.0', '22.22.1 25.0.0'],
  ];
  for (const [text, accepted, refused] of cases) {
    const range = parseRange(text);
    assert.ok(range !== undefined, text);
    for (const version of accepted.split(' ')) assert.equal(range.accepts(version), true, `${text} takes ${version}`);
    for (const version of refused.split(' ').filter((one) => one !== ''))
      assert.equal(range.accepts(version), false, `${text} leaves ${version}`);
  }
  assert.deepEqual(
    ['=26.10.0', 'v26.10.0', '26.10', '^26.10.0'].map((text) => parseRange(text)?.exact),
    ['26.10.0', '26.10.0', undefined, undefined],
  );
});

test('parseRange refuses names and what is no range', () => {
  for (const text of ['lts/*', 'node', 'latest', '22 or so', '>=', '1.2.3.4', '^^1', '22,23'])
    assert.equal(parseRange(text), undefined, text);
});

test('compareVersions orders numbers, not texts', () => {
  assert.deepEqual(['26.9.0', '26.10.0', '9.0.0', '26.10.1'].sort(compareVersions), ['9.0.0', '26.9.0', '26.10.0', '26.10.1']);
});
