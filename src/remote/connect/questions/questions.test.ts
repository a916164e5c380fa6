import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { ResproutError } from '../../../base/errors/errors.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import type { Ask } from './ask.ts';
import { Deadline } from '../deadline.ts';
import { Questions } from './questions.ts';

const PASSWORD = { text: "u@h's password: ", hint: '' };

/** The questions of one connect with a limit of 30 s, on a clock by hand. */
function connectWith(ask: Ask | undefined) {
  const clock = new ManualClock();
  const over = new AbortController();
  const failures: ResproutError[] = [];
  const notices: string[] = [];
  let expired = 0;
  const deadline = new Deadline(clock, 30_000, () => (expired += 1));
  const questions = new Questions({
    ask,
    tried: 'ssh u@h',
    target: 'u@h',
    hostKey: undefined,
    clock,
    deadline,
    fail: (error) => failures.push(error),
    notice: (text) => notices.push(text),
    signal: over.signal,
  });
  return { clock, over, failures, notices, deadline, questions, expired: () => expired };
}

test('Questions stops the limit of the connect while somebody is asked, for 120 s', async () => {
  let signal: AbortSignal | undefined;
  const one = connectWith((_question, asked) => {
    signal = asked;
    return new Promise(() => {});
  });
  one.clock.advance(10_000);
  const reply = one.questions.reply(PASSWORD);
  one.clock.advance(119_999);
  assert.deepEqual([one.expired(), one.deadline.remainingMs, signal?.aborted], [0, 20_000, false]);
  one.clock.advance(1);
  assert.deepEqual(await reply, { kind: 'hold' });
  assert.equal(signal?.aborted, true);
  assert.equal(one.failures[0]?.code, 'REMOTE_AUTH_NEEDED');
  assert.match(one.failures[0]?.message ?? '', /nobody answered within 120 s/);
  one.deadline.clear();
  assert.equal(one.clock.waitingCount, 0);
});

test('Questions lets the limit go on after the answer', async () => {
  const one = connectWith(async () => 'secret');
  assert.deepEqual(await one.questions.reply(PASSWORD), { kind: 'answer', text: 'secret' });
  one.clock.advance(30_000);
  assert.equal(one.expired(), 1);
});

test('Questions gives a secret once per kind and asker, and ends the tool when it is asked again', async () => {
  let asked = 0;
  const one = connectWith(async () => String((asked += 1)));
  assert.deepEqual(await one.questions.reply(PASSWORD), { kind: 'answer', text: '1' });
  assert.deepEqual(await one.questions.reply({ text: "u@jump's password: ", hint: '' }), { kind: 'answer', text: '2' });
  assert.deepEqual(await one.questions.reply({ text: '(u@h) One-time code: ', hint: '' }), { kind: 'answer', text: '3' });
  assert.equal(one.failures.length, 0);
  assert.deepEqual(await one.questions.reply({ text: '(u@h) Password: ', hint: '' }), { kind: 'hold' });
  assert.equal(one.failures[0]?.code, 'REMOTE_AUTH_FAILED');
  assert.equal(asked, 3);
  one.deadline.clear();
});

test('Questions never hands an empty password, a line end or too much to the tool', async () => {
  for (const answer of ['', 'a\nb', 'a\0b', 'x'.repeat(1024)]) {
    const one = connectWith(async () => answer);
    assert.deepEqual(await one.questions.reply(PASSWORD), { kind: 'hold' });
    assert.equal(one.failures[0]?.code, 'REMOTE_AUTH_NEEDED', JSON.stringify(answer.slice(0, 5)));
    assert.ok(!(one.failures[0]?.message ?? '').includes('xxx'));
    one.deadline.clear();
  }
});

test('Questions refuses a passphrase and a confirmation, since ssh goes on without, and remembers it', async () => {
  const one = connectWith(undefined);
  assert.deepEqual(await one.questions.reply({ text: "Enter passphrase for key '/k': ", hint: '' }), { kind: 'refuse' });
  assert.equal(one.questions.refused?.kind, 'passphrase');
  assert.deepEqual(await one.questions.reply({ text: 'Add key /k to agent?', hint: 'confirm' }), { kind: 'refuse' });
  assert.equal(one.failures.length, 0);
  one.deadline.clear();
});

test('Questions shows a notice and answers nothing', async () => {
  const one = connectWith(undefined);
  assert.deepEqual(await one.questions.reply({ text: 'Confirm user presence for key', hint: 'none' }), { kind: 'hold' });
  assert.deepEqual(one.notices, ['Confirm user presence for key']);
  one.deadline.clear();
});

test('Questions ends the tool when asking fails, and says nothing when the connect was over first', async () => {
  const failing = connectWith(async () => Promise.reject(new Error('no terminal today')));
  assert.deepEqual(await failing.questions.reply(PASSWORD), { kind: 'hold' });
  assert.equal((failing.failures[0]?.cause as Error | undefined)?.message, 'no terminal today');
  failing.deadline.clear();
  const over = connectWith(() => new Promise(() => {}));
  const reply = over.questions.reply(PASSWORD);
  over.deadline.clear();
  over.over.abort();
  assert.deepEqual(await reply, { kind: 'hold' });
  assert.equal(over.failures.length, 0);
  assert.equal(over.clock.waitingCount, 0);
});
