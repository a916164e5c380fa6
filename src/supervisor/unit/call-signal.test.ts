import { test } from 'node:test';
import assert from 'node:assert/strict';
import { CallSignal } from './call-signal.ts';

test('it fires when nobody waits, before and after it was asked for, and when the life does', () => {
  const life = new AbortController();
  const [late, early, left] = [new CallSignal(), new CallSignal(), new CallSignal()];
  early.abort();
  assert.equal(early.with(life.signal).aborted, true);
  const signal = late.with(life.signal);
  assert.equal(late.with(life.signal), signal);
  assert.equal(signal.aborted, false);
  late.abort();
  late.abort();
  assert.equal(signal.aborted, true);
  const other = left.with(life.signal);
  life.abort(new Error('the end'));
  assert.equal(other.aborted, true);
  assert.match(String(other.reason), /the end/);
});

test('a given signal is the one that fires', () => {
  const given = new AbortController();
  const signal = new CallSignal(given.signal).with(new AbortController().signal);
  given.abort(new Error('given up'));
  assert.match(String(signal.reason), /given up/);
});
