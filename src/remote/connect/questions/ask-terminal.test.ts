import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { LineEditor, type LineEnd } from './line-editor.ts';

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
const skip = hasScript ? false : 'script(1) of util-linux gives the test a terminal: apt-get install -y bsdutils';

const PROGRAM = `
import { askOnTerminal } from ${JSON.stringify(import.meta.resolve('./ask-terminal.ts'))};
import { execFileSync } from 'node:child_process';
import { openSync } from 'node:fs';
process.on('SIGINT', () => console.log('SIGINT'));
const [text, isSecret, limit] = JSON.parse(process.env.WISH);
const signal = limit === undefined ? new AbortController().signal : AbortSignal.timeout(limit);
const question = { kind: 'code', who: 'u@h', text, isSecret };
console.log('GOT ' + JSON.stringify(await Promise.all([askOnTerminal(question, signal), isSecret ? 0 : askOnTerminal(question, signal)])));
await new Promise((resolve) => setTimeout(resolve, 50));
console.log(execFileSync('stty', ['-a'], { stdio: [openSync('/dev/tty', 'r'), 'pipe', 'inherit'] }).toString());
`;

/** Runs the program on a terminal of its own, types `keys` once the question is there, and gives what the screen got. */
function onTerminal(wish: readonly unknown[], ...keys: string[]): Promise<string> {
  const command = `${process.execPath} --input-type=module -e "$PROGRAM"`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    env: { ...process.env, PROGRAM, WISH: JSON.stringify(wish), SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  let asked = 0;
  child.stdout.on('data', (piece) => {
    screen += String(piece);
    const questions = screen.split('QUESTION').length - 1;
    for (; asked < questions; asked += 1) child.stdin.write(keys[asked] ?? '');
    if (screen.includes('GOT')) child.stdin.end();
  });
  return new Promise((resolve) => child.once('close', () => resolve(screen)));
}

const isRestored = (screen: string): boolean => /(^|\s)icanon/m.test(screen) && /(^|\s)echo /m.test(screen);

test('askOnTerminal shows nothing of a secret and puts the terminal back', { skip }, async () => {
  const screen = await onTerminal(['QUESTION: ', true], 'sécrex\u007ft\u001b[A!\r');
  assert.match(screen, /GOT \["sécret!",0\]/);
  assert.equal(screen.split('GOT')[0]?.includes('crex'), false);
  assert.ok(isRestored(screen), screen);
});

test('askOnTerminal shows an answer that is no secret, and asks one question after the other', { skip }, async () => {
  const screen = await onTerminal(['QUESTION (yes/no)? ', false], 'yes\r', 'no\r');
  assert.match(screen, /\(yes\/no\)\? yes\r\n/);
  assert.match(screen, /GOT \["yes","no"\]/);
});

test('askOnTerminal gives up on ^D, and on ^C, which reaches the process as SIGINT with the terminal as it was', { skip }, async () => {
  assert.match(await onTerminal(['QUESTION: ', true], '\u0004'), /GOT \[null,0\]/);
  const screen = await onTerminal(['QUESTION: ', true], 'secr\u0003');
  assert.match(screen, /GOT \[null,0\]/);
  assert.match(screen, /SIGINT/);
  assert.ok(isRestored(screen), screen);
});

test('askOnTerminal gives up when its signal aborts', { skip }, async () => {
  const screen = await onTerminal(['QUESTION: ', true, 300]);
  assert.match(screen, /GOT \[null,0\]/);
  assert.ok(isRestored(screen), screen);
});

test('askOnTerminal lets a question of a stranger not act on the terminal', { skip }, async () => {
  const screen = await onTerminal(['\u001b]0;title\u0007\u009b2J QUESTION: ', true], 'x\r');
  assert.ok(!screen.includes('\u001b]0') && !screen.includes('\u009b'), JSON.stringify(screen));
  assert.match(screen, /\\u\{1b\}\]0;title/);
});

test('askOnTerminal gives undefined where there is no terminal', async () => {
  const program = `import { askOnTerminal } from ${JSON.stringify(import.meta.resolve('./ask-terminal.ts'))};
    console.log(await askOnTerminal({ kind: 'code', who: '', text: '', isSecret: true }, new AbortController().signal))`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (piece) => (said += String(piece)));
  await new Promise((resolve) => child.once('close', resolve));
  assert.equal(said, 'undefined\n');
});

test('LineEditor ends a line at Enter and takes back what was typed', () => {
  const type = (isSecret: boolean, ...pieces: string[]): [LineEnd | undefined, string] => {
    let echo = '';
    const editor = new LineEditor(isSecret, (text) => (echo += text));
    let end: LineEnd | undefined;
    for (const piece of pieces) end ??= editor.type(piece);
    return [end, echo];
  };
  assert.deepEqual(type(false, 'ab', '\u007f\u007f\u007fc', '\r'), [{ kind: 'line', text: 'c' }, 'ab\b \b\b \bc']);
  assert.deepEqual(type(true, 'abc\u0015x\n'), [{ kind: 'line', text: 'x' }, '']);
  assert.deepEqual(type(false, 'a\u0004'), [undefined, 'a']);
  assert.deepEqual(type(false, '\u0004'), [{ kind: 'end' }, '']);
  assert.deepEqual(type(true, 'abc', '\u0003'), [{ kind: 'interrupt' }, '']);
  assert.deepEqual(type(false, '\u001b[1;5Aé\u0000\r'), [{ kind: 'line', text: 'é' }, 'é']);
});
