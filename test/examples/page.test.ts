import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { HostReport } from '../../examples/host-report.ts';
import { markdownOf } from '../../examples/host-report/markdown.ts';

const HOSTILE = 'a|b\n# head `x` <b> [l](u) *s* \\ \u001b[2J _e_';

function host(text: string): HostReport {
  return {
    target: text,
    system: { hostname: text, os: text, kernel: text, architecture: 'x86_64', cpus: 2 },
    load: { upSeconds: 90_061, loadAverage: [1, 0.5, 0.25] },
    memory: { totalBytes: 3 * 1024 ** 3, availableBytes: 1536 * 1024 ** 2, swapTotalBytes: 1024, swapFreeBytes: 1023 },
    cpuUse: 0.125,
    processes: [{ pid: 7, name: text, residentBytes: 999 }],
    disks: [{ mount: text, type: 'ext4', totalBytes: 100, freeBytes: 25 }],
    ports: [],
    packages: 'unknown',
    logs: 'unknown',
  };
}

test('markdownOf keeps texts of a host within their cells', () => {
  const page = markdownOf({ madeAt: 'now', hosts: [host('plain'), host(HOSTILE), { target: 'gone', problem: HOSTILE }] });
  const plain = markdownOf({ madeAt: 'now', hosts: [host('plain'), host('plain'), { target: 'gone', problem: 'plain' }] });
  const headsOf = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .map((line) => line.replace(/ .*/, ''));
  assert.deepEqual(headsOf(page), headsOf(plain));
  assert.equal(page.split('\n').length, plain.split('\n').length);
  for (const line of page.split('\n')) {
    assert.doesNotMatch(line, /\p{Cc}/u);
    if (line.startsWith('|')) assert.ok(/^\| .* \|$/.test(line));
  }
  const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
  assert.deepEqual(page.split('\n').map(cells), plain.split('\n').map(cells), 'as many cells in each row');
});

test('markdownOf shows sizes, shares and times with their units, and what is unknown or empty', () => {
  const page = markdownOf({ madeAt: 'now', hosts: [host('plain')] });
  for (const text of ['1.5 GiB of 3.0 GiB available', '1023 B of 1.0 KiB free', '1 d 1 h', '12.5 %', '1.00, 0.50, 0.25', '75.0 %', '999 B'])
    assert.ok(page.includes(text), `${text} in\n${page}`);
  assert.match(page, /### Listening ports\n\nnone\n\n### Largest logs\n\nunknown/);
});
