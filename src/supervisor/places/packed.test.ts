import { test } from 'node:test';
import assert from 'node:assert/strict';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { postPacked, unpacked } from './packed.ts';

/** What comes out at the other end of a port. */
function crossed(messages: readonly Uint8Array[]): readonly (readonly number[])[] {
  const { port1, port2 } = new MessageChannel();
  try {
    postPacked(port1, messages);
    const all = unpacked(receiveMessageOnPort(port2)?.message).map((message) => [...message]);
    assert.equal(receiveMessageOnPort(port2), undefined);
    return all;
  } finally {
    port1.close();
  }
}

test('messages come out as they went in, in their order: one, several, empty and large ones', () => {
  const large = new Uint8Array(100_000).fill(7);
  for (const messages of [[new Uint8Array([1, 2])], [new Uint8Array([1]), new Uint8Array(), new Uint8Array([2, 3])], [large, large]])
    assert.deepEqual(
      crossed(messages),
      messages.map((message) => [...message]),
    );
  assert.equal(large.length, 100_000);
});

test('what is no message of ours, and one that is cut off, is refused', () => {
  for (const value of [undefined, null, 'text', 7, {}, [], ['text'], [null], [new Uint8Array([0, 0])], [new Uint8Array([0, 0, 0, 2, 1])]])
    assert.throws(() => unpacked(value), { code: 'WIRE_BAD_FRAME' });
});
