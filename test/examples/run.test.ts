// The examples run as their first lines say, from any folder.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { CLI, REPOSITORY, start } from './support/command.ts';

const EXAMPLES = path.join(REPOSITORY, 'examples');

async function inFolder(args: readonly string[], check: (out: string, folder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'resprout-example-'));
  try {
    const running = start(folder, process.execPath, args);
    const { code } = await running.closed;
    assert.equal(code, 0, running.err());
    await check(running.out(), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows of the table below a heading; each cell trimmed. */
function tableUnder(page: string, heading: string): string[][] {
  const lines = page
    .slice(page.indexOf(`${heading}\n`))
    .split('\n')
    .slice(1);
  const first = lines.findIndex((line) => line.startsWith('|'));
  const rows = lines.slice(
    first,
    lines.findIndex((line, at) => at > first && !line.startsWith('|')),
  );
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('examples', { concurrency: 2 }, () => {
  for (const [how, args] of [
    ['node', [path.join(EXAMPLES, 'one-file.ts')]],
    ['resprout run', [CLI, 'run', path.join(EXAMPLES, 'one-file.ts')]],
  ] as const) {
    test(`${how} examples/one-file.ts calls its own function in another process, from another folder`, async () => {
      await inFolder(args, (out, folder) => {
        const [greeting = '', verdict] = out.trimEnd().split('\n');
        assert.match(greeting, /^hello from \S+, Linux version \S+|^hello from \S+, unknown/);
        assert.equal(verdict, 'another process');
        if (how === 'node') assert.deepEqual(readdirSync(folder), [], 'a plain program leaves nothing');
      });
    });
  }

  test('resprout run examples/host-report.ts writes a report on three contexts into the folder it is run in', async () => {
    await inFolder([CLI, 'run', path.join(EXAMPLES, 'host-report.ts'), '--data', '{"pause":"300ms"}', '--json'], (out, folder) => {
      const { ok, value } = JSON.parse(out) as { ok: boolean; value: unknown };
      assert.deepEqual([ok, value], [true, { hosts: 3, files: ['host-report.md', 'host-report.json'] }]);
      const report = JSON.parse(readFileSync(path.join(folder, 'host-report.json'), 'utf8')) as {
        hosts: { target: string; cpuUse: number }[];
      };
      assert.deepEqual(
        report.hosts.map(({ target }) => target),
        ['local:alpha', 'local:beta', 'local:gamma'],
      );
      for (const { cpuUse } of report.hosts) assert.ok(cpuUse >= 0 && cpuUse <= 1, String(cpuUse));
      const page = readFileSync(path.join(folder, 'host-report.md'), 'utf8');
      const [head, rule, ...hosts] = tableUnder(page, page.split('\n')[0] ?? '');
      assert.deepEqual(head?.slice(0, 3), ['target', 'host', 'CPU use']);
      assert.match(rule?.[2] ?? '', /^-+:$/);
      assert.equal(hosts.length, 3);
      const processes = tableUnder(page, '### Largest processes').slice(2);
      assert.equal(processes.length, 10);
      for (const [memory = '', pid = ''] of processes) assert.match(`${memory} ${pid}`, /^[\d.]+ [KMG]iB \d+$/);
      for (const line of page.split('\n')) if (line.startsWith('|')) assert.match(line, /^\| .* \|$/);
    });
  });

  test('resprout run examples/how-it-works/order.ts --check comes to the same end again', async () => {
    await inFolder([CLI, 'run', path.join(EXAMPLES, 'how-it-works/order.ts'), '--check', '--json'], (out) => {
      const { ok, value } = JSON.parse(out) as { ok: boolean; value: { first: string; lines: number } };
      assert.deepEqual([ok, value.first, value.lines], [true, 'quick', 3]);
    });
  });

  test('resprout run examples/how-it-works/child.ts reads a child to its end', async () => {
    await inFolder([CLI, 'run', path.join(EXAMPLES, 'how-it-works/child.ts'), '--json'], (out) => {
      assert.deepEqual(JSON.parse(out), { ok: true, value: 55 });
    });
  });
});
