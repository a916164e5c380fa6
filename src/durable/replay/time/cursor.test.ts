import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { JournalEvent } from '../../journal/events/event.ts';
import { Cursor, type NewIssue } from './cursor.ts';

const site = { id: 'a', file: 'a.ts', line: 1, column: 1 };
const sync = (id: number, delivered: number, more: object = {}): JournalEvent => ({
  t: 'sync',
  id,
  delivered,
  fn: 'f',
  site,
  argsHash: 'x',
  atMs: 1,
  outcome: { kind: 'value', bytes: new Uint8Array() },
  ...more,
});
const signal: JournalEvent = { t: 'signal', name: 's', value: new Uint8Array(), atMs: 1 };
const issue: NewIssue = { t: 'sync', fn: 'f', site, argsHash: 'x' };
const cursorOf = (history: readonly JournalEvent[], warnings: string[] = [], strict = false): Cursor =>
  new Cursor(history, { strict, warn: (text) => warnings.push(text) });

test('Cursor wants an issue at the recorded number of deliveries, wherever it stands in the journal', () => {
  // Two deliveries of one batch; the second issue answers the first of them and stands behind both.
  const cursor = cursorOf([sync(0, 0), signal, signal, sync(1, 1), sync(2, 2)]);
  cursor.issue(issue, undefined);
  assert.equal(cursor.due, true);
  cursor.advance();
  assert.equal(cursor.due, false, 'the answer to the first delivery is missing');
  cursor.issue(issue, undefined);
  assert.equal(cursor.due, true);
  assert.throws(() => cursor.issue(issue, undefined), /was not made at this point/, 'the answer to the second came before it');
});

test('Cursor takes an issue that has no record only behind the last run of deliveries', () => {
  const cut = cursorOf([sync(0, 0), signal, signal]);
  cut.issue(issue, undefined);
  cut.advance();
  assert.equal(cut.issue(issue, undefined).recorded, undefined, 'a crash may have cut off the answer to the first delivery');
  const whole = cursorOf([sync(0, 0), signal, sync(1, 1), signal]);
  whole.issue(issue, undefined);
  whole.advance();
  whole.issue(issue, undefined);
  assert.throws(() => whole.issue(issue, undefined), /was not made at this point/);
});

test('Cursor tells other arguments and other text, and ends a strict replay with them', () => {
  const warnings: string[] = [];
  const lenient = cursorOf([sync(0, 0), sync(1, 0, { printed: 7 })], warnings);
  lenient.issue({ ...issue, argsHash: 'y' }, undefined);
  lenient.issue(issue, 8);
  assert.match(warnings[0] ?? '', /other arguments/);
  assert.match(warnings[1] ?? '', /printed other text/);
  const strict = cursorOf([sync(0, 0, { printed: 7 })], [], true);
  assert.throws(() => strict.issue(issue, undefined), /printed other text/);
});

test('Cursor tells a call on another context by its context', () => {
  const call: JournalEvent = { t: 'call', id: 0, delivered: 0, fn: 'f', context: 'one', site, argsHash: 'x', atMs: 1 };
  const same: NewIssue = { ...issue, t: 'call', context: 'one' };
  assert.equal(cursorOf([call]).issue(same, undefined).recorded?.t, 'call');
  for (const context of ['two', undefined])
    assert.throws(() => cursorOf([call]).issue({ ...same, context }, undefined), /differs from the recorded run/);
});

test('Cursor never takes an effect of another size, kind or place for the recorded one', () => {
  const effect: JournalEvent = { t: 'effect', id: 0, delivered: 0, object: 1, name: 'write', size: 3, atMs: 1 };
  const nowhere = { id: '', file: '', line: 0, column: 0 };
  const same: NewIssue = { t: 'effect', fn: 'write on object 1', site: nowhere, argsHash: '3' };
  assert.equal(cursorOf([effect]).issue(same, undefined).recorded?.t, 'effect');
  assert.throws(() => cursorOf([effect]).issue({ ...same, argsHash: '4' }, undefined), /other arguments/);
  assert.throws(() => cursorOf([effect]).issue({ ...same, fn: 'end on object 1' }, undefined), /another function/);
  assert.throws(() => cursorOf([sync(0, 0)]).issue({ ...issue, site: nowhere }, undefined), /another place/);
  assert.throws(() => cursorOf([effect]).issue({ ...same, t: 'open' }, undefined), /another kind of call/);
});
