import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readTable } from '../tables/read-table.ts';
import type { Program } from '../tables/program.ts';
import type { FolderPicture } from './folder-picture.ts';
import { judgeKill, mayBeInFlight, type AtTheKill } from './judge-kill.ts';
import type { Picture } from './picture.ts';

function program(words: string): Program {
  const [one] = readTable('judge', `## one\n\`\`\`mjs ${words}\n0;\n\`\`\`\n`);
  return one ?? assert.fail();
}

const files = (text: string): FolderPicture => new Map([['log', { is: text, text }]]);
const picture = (over: Partial<Picture> = {}): Picture => ({ exitCode: 0, stdout: '', stderr: '', files: files('a\nb\n'), ...over });
const call = { t: 'call', id: 0 };
const at = (over: Partial<AtTheKill> = {}): AtTheKill => ({ stdout: '', stderr: '', files: files('a\n'), recorded: [call], ...over });

test('mayBeInFlight is true while a call has no result or a conversation goes on, and for kinds of events that it does not know', () => {
  assert.equal(mayBeInFlight([{ t: 'start' }, call]), true);
  assert.equal(mayBeInFlight([{ t: 'start' }, call, { t: 'done', id: 0 }]), false);
  assert.equal(mayBeInFlight([{ t: 'start' }, { t: 'sync', id: 0 }, { t: 'timer', id: 1 }]), false);
  assert.equal(mayBeInFlight([{ t: 'start' }, { t: 'of tomorrow' }]), true);
  const child = [
    { t: 'open', id: 0, object: 1 },
    { t: 'event', object: 1, name: 'exit' },
  ] as const;
  assert.equal(mayBeInFlight(child), true);
  assert.equal(mayBeInFlight([...child, { t: 'event', object: 1, name: 'close' }]), false);
});

test('judgeKill lets the one call in flight be made twice', () => {
  const twice = picture({ files: files('a\na\nb\n'), value: '"a\\na\\nb\\n"' });
  assert.equal(judgeKill(program(''), picture({ value: '"a\\nb\\n"' }), at(), twice).verdict, 'repeated in flight');
});

test('judgeKill lets nothing be made twice that was recorded', () => {
  const recorded = [call, { t: 'done', id: 0 }];
  assert.equal(judgeKill(program(''), picture(), at({ recorded }), picture({ files: files('a\na\nb\n') })).verdict, 'wrong');
});

test('judgeKill wants no more repeats than the program has calls in flight', () => {
  const thrice = picture({ files: files('a\na\na\nb\n') });
  assert.equal(judgeKill(program(''), picture(), at(), thrice).verdict, 'wrong');
  assert.equal(judgeKill(program('inFlight=2'), picture(), at(), thrice).verdict, 'repeated in flight');
});

test('judgeKill takes a value with an item twice for wrong when no file shows the repeat', () => {
  assert.equal(judgeKill(program(''), picture({ value: '["a", "b"]' }), at(), picture({ value: '["a", "a", "b"]' })).verdict, 'wrong');
});

test('judgeKill takes what a program says of a call made twice only while a call is in flight', () => {
  const failed = picture({ exitCode: 1, failure: { text: 'Error: EEXIST', codes: ['EEXIST'] } });
  assert.equal(judgeKill(program('repeats=EEXIST'), picture(), at(), failed).verdict, 'repeated in flight');
  assert.equal(judgeKill(program('repeats=EEXIST'), picture(), at({ recorded: [] }), failed).verdict, 'wrong');
  assert.equal(judgeKill(program(''), picture(), at(), failed).verdict, 'wrong');
});

test('judgeKill tells a loss from a wrong result, and one that was to be expected from one that was not', () => {
  const lost = picture({ exitCode: 1, failure: { text: 'Error: read', codes: ['ECONNRESET', 'LIVE_OBJECT_LOST'] } });
  assert.deepEqual(judgeKill(program('mayLose'), picture(), at(), lost), { verdict: 'coded', why: 'LIVE_OBJECT_LOST' });
  assert.equal(judgeKill(program(''), picture(), at(), lost).verdict, 'coded unexpectedly');
  const caught = picture({ value: '"LIVE_OBJECT_LOST"' });
  assert.equal(judgeKill(program('mayLose'), picture(), at(), caught).verdict, 'coded');
});

test('judgeKill compares printed text with the kill in the middle of it', () => {
  const plain = picture({ stdout: 'one\ntwo\nthree\n' });
  const verdict = (before: string, after: string): string =>
    judgeKill(program(''), plain, at({ stdout: before }), picture({ stdout: after })).verdict;
  assert.equal(verdict('one\n', 'two\nthree\n'), 'right');
  assert.equal(verdict('one\ntwo\n', 'two\nthree\n'), 'text repeated');
  assert.equal(verdict('one\n', 'three\n'), 'text lost');
  assert.equal(verdict('one\n', 'four\n'), 'wrong');
  assert.equal(verdict('zero\n', 'two\nthree\n'), 'wrong');
});
