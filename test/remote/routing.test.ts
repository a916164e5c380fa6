// Frames that lead nowhere, and numbers of mailboxes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Router } from '../../src/remote/child/core/routing/router.ts';
import type { Frame } from '../../src/wire/frames/frame.ts';
import { DEAD, FIRST_DYNAMIC_HANDLE, HANDLE } from '../../src/wire/frames/handles.ts';
import { decodeValue } from '../../src/wire/values/value-decode.ts';
import { controller, frame, id, scripted } from './scripted-child.ts';

const NONE = new Uint8Array(0);
const told = ({ dst, src, auth, handle, replyTo, payload }: Frame): unknown[] => [dst, src, auth, handle, replyTo, decodeValue(payload)];

test('Router: what cannot be delivered is answered in the name of whoever found out, with the reason', () => {
  const { router } = controller();
  const child = scripted();
  router.addChild(child.link, id(1), () => {});
  router.addChild(scripted().link, id(2), () => {}).end('gone');
  for (const parts of [{ dst: 77 }, { dst: 2 }, { handle: 2222 }, { handle: HANDLE.CALL }]) child.feed(frame({ replyTo: 1000, ...parts }));
  assert.deepEqual(child.sent().map(told), [
    [1, 0, 0, 1000, DEAD, 'no way from context 0 to context 77'],
    [1, 0, 0, 1000, DEAD, 'no way from context 0 to context 2'],
    [1, 0, 0, 1000, DEAD, 'context 0 has no mailbox 2222'],
    [1, 0, 0, 1000, DEAD, `mailbox ${HANDLE.CALL} is not for context 1`],
  ]);
});

test('Router: an intermediary answers for what has gone below it, and contexts below it cannot talk to each other', () => {
  const middle = new Router({ id: id(5), ancestors: [id(0)], unidirectional: true, toMain: () => false });
  const [up, one, other, third] = [scripted(), scripted(), scripted(), scripted()];
  middle.setParent(up.link);
  middle.addChild(one.link, id(6), () => {});
  middle.addChild(other.link, id(7), () => {});
  middle.addChild(third.link, id(8), () => {});
  const down = { dst: 6, src: 0, auth: 0, handle: 1000, replyTo: 2000, payload: NONE };
  middle.fromParent(down);
  assert.equal(one.sent().length, 1);
  one.link.close();
  assert.deepEqual(
    up.sent().map(({ handle }) => handle),
    [HANDLE.DEL_ROUTE],
  );
  middle.fromParent(down);
  assert.deepEqual(up.sent().map(told), [[0, 5, 5, 2000, DEAD, 'no way from context 5 to context 6']]);
  third.feed(frame({ dst: 7, src: 8, auth: 8, replyTo: 1000 }));
  assert.deepEqual(other.sent(), []);
  assert.deepEqual(third.sent().map(told), [[8, 5, 5, 1000, DEAD, 'contexts beside each other may not talk']]);
});

test('Router: a fixed mailbox is given once, and no number of an answer mailbox twice', () => {
  const { router } = controller();
  assert.throws(() => router.on(HANDLE.CALL, 'any', () => {}), /mailbox \d+ is taken/);
  const seen = new Set<number>();
  for (let n = 0; n < 100; n++) {
    const handle = router.open(id(1), () => {});
    assert.ok(handle >= FIRST_DYNAMIC_HANDLE && !seen.has(handle));
    seen.add(handle);
    router.close(handle);
  }
});
