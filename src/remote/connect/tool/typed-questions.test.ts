import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ManualClock } from '../../../testing/manual-clock.ts';
import type { ResproutError } from '../../../base/errors/errors.ts';
import { Deadline } from '../deadline.ts';
import { Questions } from '../questions/questions.ts';
import { TypedQuestions } from './typed-questions.ts';

function typedQuestions(answer: string | undefined) {
  const clock = new ManualClock();
  const [asked, typed, failures]: [string[], string[], ResproutError[]] = [[], [], []];
  const fail = (error: ResproutError): void => void failures.push(error);
  const questions = new Questions({
    ask: async ({ text }) => {
      asked.push(text);
      return answer;
    },
    tried: 'su root',
    target: 'su root',
    hostKey: undefined,
    clock,
    deadline: new Deadline(clock, 30_000, () => {}),
    fail,
    notice: () => {},
    signal: new AbortController().signal,
  });
  const typing = new TypedQuestions({ clock, questions, prefix: 'su:', type: (line) => void typed.push(line), fail });
  const push = async (text: string, thenMs = 100): Promise<void> => {
    typing.push(Buffer.from(text));
    clock.advance(thenMs);
    // What was asked is answered in later turns.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, typed, failures, typing, push };
}

test('TypedQuestions asks for a text that waits for a line, in any language, however it is cut', async () => {
  for (const [pieces, text] of [
    [['Password: '], 'Password: '],
    [['Pass', 'word:', ' '], 'Password: '],
    [['hello\r\nMot de passe : '], 'Mot de passe : '],
    [['密码：'], '密码：'],
    [['\rdoas (u@h) password: '], 'doas (u@h) password: '],
  ] as const) {
    const { asked, push, typed } = typedQuestions('secret');
    for (const piece of pieces) await push(piece, piece === pieces.at(-1) ? 100 : 1);
    assert.deepEqual([asked, typed], [[text], ['secret\n']]);
  }
});

test('TypedQuestions takes no whole line, no text that goes on, and nothing after stop for a question', async () => {
  const { asked, push, typing } = typedQuestions('secret');
  await push('su: note:\n');
  await push('warning:', 1);
  await push(' all is well\n');
  await push('su: ');
  await push('Authentication failure\n');
  await push('half a word');
  typing.stop();
  await push('Password: ');
  assert.deepEqual(asked, []);
});

test('TypedQuestions types nothing that was not answered, and ends the tool at the second question', async () => {
  const declined = typedQuestions(undefined);
  await declined.push('Password: ');
  assert.deepEqual([declined.typed, declined.failures.map(({ code }) => code)], [[], ['REMOTE_AUTH_NEEDED']]);
  const twice = typedQuestions('secret');
  await twice.push('Password: ');
  await twice.push('\nPassword: ');
  assert.deepEqual([twice.typed, twice.failures.map(({ code }) => code)], [['secret\n'], ['REMOTE_AUTH_FAILED']]);
});
