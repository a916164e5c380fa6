// Every command with every kind of standard stream that is of no use: it ends by itself with the code that docs/exit-codes.md says, and
// whatever it began can be gone on with.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CLI, Shop, jsonOf } from './support/cli.ts';
import { Pty, noPty } from './support/pty.ts';

const TERMINAL_GOES = fileURLToPath(new URL('support/terminal-goes.py', import.meta.url));

const shop = new Shop({
  'many.ts': "export default async () => { for (let i = 0; i < 400; i++) console.log('line', i, 'x'.repeat(400)); return 'value'; };",
  'ops.ts':
    "export function chatty() { for (let i = 0; i < 400; i++) console.log('line', i, 'x'.repeat(400)); return 'y'.repeat(200_000); }",
  'naps.ts': `
    import { existsSync } from 'node:fs';
    export default async function (event: { data?: string }) {
      console.log('first');
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 300));
      // With the name of a file it can be relied on to go on until that is there.
      while (typeof event.data === 'string' && !existsSync(event.data)) await new Promise((resolve) => setTimeout(resolve, 300));
      console.log('last');
      return 'slept';
    }`,
});
after(() => shop[Symbol.dispose]());
before(async () => void (await shop.run(['run', 'many.ts'])));

interface Outcome {
  readonly exit: number | null;
  readonly err: string;
}

/** Runs a line of shell in which `resprout` is the command line. A line that takes minutes is killed: its exit code is null then. */
async function shell(line: string): Promise<Outcome> {
  const child = spawn('bash', ['-c', `resprout() { "$NODE" "$CLI" "$@"; }\nset -o pipefail\n${line}`], {
    cwd: shop.folder,
    env: shop.env({ NODE: process.execPath, CLI, ID: shop.ids()[0] ?? '' }),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let err = '';
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const limit = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 200_000);
  const [exit] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { exit, err };
}

/** Commands that write to stdout, and how they end when all is well. */
const COMMANDS: readonly (readonly [command: string, exit: number])[] = [
  ['resprout run many.ts', 0],
  ['resprout run many.ts --json', 0],
  ['resprout call local: ops.ts:chatty', 0],
  ['resprout sessions', 0],
  ['resprout show $ID --events', 0],
  ['resprout show $ID --follow', 0],
  ['resprout show $ID --follow --json', 0],
  ['resprout explain many.ts', 0],
  ['resprout help', 0],
  ['resprout help STORE_IO --json', 0],
  ['resprout version', 0],
  ['resprout run gone.ts --json', 2],
  ['resprout cancel $ID --json', 2],
  ['resprout rnu --json', 2],
];

/** What is done to the streams, and the exit code where it is not the command's own. */
const STREAMS: readonly (readonly [streams: string, exit?: number])[] = [
  ['| true'],
  ['| head -c 1'],
  ['2>&1 | head -c 1'],
  ['2>&1 >/dev/null | true'],
  ['> /dev/full', 4],
  ['> /dev/full 2>&1', 4],
  ['2> /dev/full'],
  ['>&-'],
  ['2>&-'],
  ['<&-'],
  ['<&- >&- 2>&-'],
];

/** A few at a time: each is a process or three. */
async function inParallel<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  const rest = [...all];
  const worker = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await run(next);
  };
  await Promise.all([worker(), worker(), worker()]);
}

for (const [streams, exit] of STREAMS) {
  test(`every command ends by itself with the right code: ${streams}`, async () => {
    await inParallel(COMMANDS, async ([command, own]) => {
      const outcome = await shell(`${command} ${streams}`);
      assert.equal(outcome.exit, exit ?? own, `${command} ${streams}\n${outcome.err}`);
    });
  });
}

test('resume, replay and cancel end by themselves, and a session whose reader has gone ends as it would have', async () => {
  let count = 0;
  const parked = async (): Promise<string> => {
    const go = `go-${count++}`;
    const run = shop.start(['run', 'naps.ts', '-d', JSON.stringify(go), '--grace', '50ms']);
    await run.until('first');
    run.kill('SIGTERM');
    const { exit, err } = await run.ended;
    assert.equal(exit, 3, err);
    shop.program.write(go, '');
    return /resprout resume (ses_\w+)/.exec(err)?.[1] ?? '';
  };
  await inParallel(STREAMS, async ([streams, exit = 0]) => {
    const id = await parked();
    const resumed = await shell(`resprout resume ${id} ${streams}`);
    assert.equal(resumed.exit, exit, `${streams}\n${resumed.err}`);
    const shown = jsonOf(await shop.run(['show', id, '--json'])).value as unknown as { info: { state: string } };
    assert.equal(shown.info.state, 'done', streams);
  });
  const id = await parked();
  for (const [line, exit] of [
    ['resprout sessions --state failed --json > /dev/full', 4],
    [`resprout replay ${id} --json | true`, 0],
    [`resprout cancel ${id} --json > /dev/full`, 4],
  ] as const) {
    const outcome = await shell(line);
    assert.equal(outcome.exit, exit, `${line}\n${outcome.err}`);
  }
});

test('a terminal that goes away parks the session, and one that went without a signal changes nothing', { skip: noPty }, async () => {
  const id = (name: string): string => `ses_${name.padEnd(26, '0')}`;
  const state = async (session: string): Promise<string> =>
    (jsonOf(await shop.run(['show', session, '--json'])).value as unknown as { info: { state: string } }).info.state;
  const gone = new Pty(shop, ['run', 'naps.ts', '-d', '"go-hangs"', '--session', id('hangs')]);
  await gone.until('first');
  gone.hangUp();
  await gone.ended;
  assert.equal(await state(id('hangs')), 'parked');
  shop.program.write('go-hangs', '');
  assert.equal((await shop.run(['resume', id('hangs')])).out, 'last\nslept\n');

  // In a session of processes of its own nothing is told: writes fail with EIO, and that is all.
  for (const [option, name] of [
    ['--quiet', 'q'],
    ['--plain', 'p'],
    ['--verbose', 'v'],
    ['--json', 'j'],
  ] as const) {
    const outcome = await shell(`python3 ${TERMINAL_GOES} first "$NODE" "$CLI" run naps.ts ${option} --session ${id(name)} 1>&2`);
    assert.deepEqual([outcome.exit, outcome.err], [0, '0\n'], option);
    assert.equal(await state(id(name)), 'done', option);
  }
});
