// The lines that change on a terminal: what a person sees while a session runs, and that nothing of them is left.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, type RunOptions } from './support/cli.ts';
import { Pty, noPty, type PtyOptions } from './support/pty.ts';

const FILES = {
  'work.ts': `
import { existsSync } from 'node:fs';
import { local } from 'resprout';
import { sleep } from 'resprout/durable';
import { wait } from './far.ts';
export default async function () {
  console.log('first line');
  const [one, two] = [await local({ name: 'web-1' }), await local({ name: 'database-2' })];
  await Promise.all([one.call(wait, 2600), two.call(wait, 2200)]);
  process.stdout.write('10%\\r20%');
  await sleep(2500);
  process.stdout.write('\\r100%\\nlast line, without end');
  return 'the value';
}`,
  'far.ts': `
export async function wait(ms: number) {
  console.log('waits');
  await new Promise((resolve) => setTimeout(resolve, ms));
}`,
  'quick.ts': "export default async () => 'quick';",
};

/** What stays on the screen after the run. */
const REMAINS = [
  'first line',
  'web-1 | waits',
  'database-2 | waits',
  '100%',
  'last line, without end',
  /^✔ done {2}[\d.]+s, \d+ activities, 2 contexts$/,
  'the value',
];

function checkRemains(lines: readonly string[]): void {
  // Both contexts begin at the same moment.
  const sorted = [lines[0], ...lines.slice(1, 3).toSorted((a, b) => b.localeCompare(a)), ...lines.slice(3)];
  assert.equal(sorted.length, REMAINS.length, lines.join('\n'));
  REMAINS.forEach((line, i) => (typeof line === 'string' ? assert.equal(sorted[i], line) : assert.match(sorted[i] ?? '', line)));
}

async function watched(options: PtyOptions, watch: (pty: Pty) => Promise<void>): Promise<Pty> {
  using shop = new Shop(FILES);
  using pty = new Pty(shop, ['run', 'work.ts'], options);
  await watch(pty);
  assert.equal(await pty.ended, 0, pty.screen.text);
  return pty;
}

test('run: calls where they run and since when, sleeps until when, output above; nothing of it is left', { skip: noPty }, async () => {
  const pty = await watched({}, async (seen) => {
    await seen.untilScreen(/● web-1 .* wait .*\n.*● database-2 /);
    assert.match(seen.screen.text, /^ses_\w{26} {2}work\.ts {2,}[\d.]+s$/m);
    assert.match(seen.screen.text, /^├ ● web-1 {7}wait {2}\d\.\ds$/m);
    assert.match(seen.screen.text, /^└ ● database-2 {2}wait {2}\d\.\ds$/m);
    assert.match(seen.screen.text, /^\^C parks the session, nothing is lost$/m);
    await seen.untilScreen(/⏸ sleep {2}wakes in \d\.\ds/);
    assert.match(seen.screen.text, /^20%$/m, 'a line that has no end yet is shown');
  });
  checkRemains(pty.screen.lines);
  // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
  assert.match(pty.raw, /\u001b\[36m●/, 'colours');
});

test('run: at 40 columns every line fits, and the name of the program is not lost', { skip: noPty }, async () => {
  const pty = await watched({ columns: 40 }, async (seen) => {
    await seen.untilScreen(/● database-2 /);
    assert.match(seen.screen.text, /^(ses_\w{10}… {2})?work\.ts {2,}[\d.]+s$/m);
    for (const line of seen.screen.lines) assert.ok(line.length <= 40, line);
  });
  checkRemains(pty.screen.lines);
});

test('run: a terminal that changes its width again and again keeps nothing of what was painted', { skip: noPty }, async () => {
  const pty = await watched({ columns: 100 }, async (seen) => {
    await seen.untilScreen(/● database-2 /);
    for (const columns of [60, 31, 90, 24, 120, 45, 100]) {
      seen.resize(columns, 30);
      await new Promise((resolve) => setTimeout(resolve, 130));
    }
  });
  checkRemains(pty.screen.lines);
});

test('run: a session that is over before anything is painted leaves its end alone', { skip: noPty }, async () => {
  using shop = new Shop(FILES);
  using pty = new Pty(shop, ['run', 'quick.ts']);
  assert.equal(await pty.ended, 0);
  assert.match(pty.screen.text, /^✔ done {2}\d\.\ds, 0 activities\nquick$/);
});

const plainly: readonly (readonly [string, readonly string[], RunOptions['env']])[] = [
  ['--plain', ['--plain'], {}],
  ['CI', [], { CI: 'true' }],
  ['TERM=dumb', [], { TERM: 'dumb' }],
];
for (const [name, args, env = {}] of plainly) {
  test(`run: ${name} gives a line per change on a terminal, and no cursor moves`, { skip: noPty }, async () => {
    using shop = new Shop(FILES);
    using pty = new Pty(shop, ['run', 'quick.ts', ...args], { env });
    assert.equal(await pty.ended, 0);
    assert.match(pty.screen.text, /^\+\d\.\ds session ses_\w{26}\n✔ done {2}\d\.\ds, 0 activities\nquick$/);
    // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
    assert.doesNotMatch(pty.raw, /\u001b\[[^m]*[A-LN-Za-ln-z]/);
  });
}

test('run: NO_COLOR leaves the colours away, a locale without UTF-8 the symbols', { skip: noPty }, async () => {
  using shop = new Shop(FILES);
  using uncoloured = new Pty(shop, ['run', 'work.ts'], { env: { NO_COLOR: '1' } });
  using ascii = new Pty(shop, ['run', 'work.ts'], { env: { LC_ALL: 'C' } });
  assert.deepEqual([await uncoloured.ended, await ascii.ended], [0, 0]);
  // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
  assert.doesNotMatch(uncoloured.raw, /\u001b\[[0-9;]*m/);
  // oxlint-disable-next-line no-control-regex -- nothing but ASCII is what is tested
  assert.match(ascii.raw, /^[\u0000-\u007f]*$/);
  assert.match(ascii.screen.text, /^ok done /m);
});
