// A child that does not keep to the rules: a scripted peer on the other end of a link.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Link } from '../../src/base/seams/link.ts';
import { Router } from '../../src/remote/child/core/routing/router.ts';
import { ManualClock } from '../../src/testing/index.ts';
import { LIMITS } from '../../src/wire/limits.ts';
import { FrameReader } from '../../src/wire/frames/frame-reader.ts';
import { DEAD, HANDLE } from '../../src/wire/frames/handles.ts';
import { encodeToBytes } from '../../src/wire/values/value-encode.ts';
import { controller, frame, id, scripted } from './scripted-child.ts';

test('Router: frames with a forged src or auth are dropped and counted, whatever else they say', () => {
  const { router, main, calls } = controller();
  const child = scripted();
  const sibling = scripted();
  router.addChild(child.link, id(1), () => {});
  router.addChild(sibling.link, id(2), () => {});
  let forged = 0;
  fc.assert(
    fc.property(
      fc.record({
        dst: fc.constantFrom(0, 1, 2, 3, 0xffff_ffff),
        src: fc.constantFrom(0, 1, 2, 3, 0xffff_ffff),
        auth: fc.constantFrom(0, 1, 2, 3, 0xffff_ffff),
        handle: fc.constantFrom(...Object.values(HANDLE), 1000, 0x4000_0000, 0xffff_ffff),
        replyTo: fc.constantFrom(0, 1000, DEAD),
      }),
      (parts) => {
        if (parts.src === 1 && parts.auth === 1) return;
        forged++;
        child.feed(frame(parts));
      },
    ),
    { numRuns: 5000 },
  );
  assert.equal(main.length, 0);
  assert.deepEqual(calls, []);
  assert.deepEqual(sibling.sent(), []);
  assert.equal((router.dropped.get('src') ?? 0) + (router.dropped.get('auth') ?? 0), forged);
  assert.equal(child.closed(), undefined);
});

test('Router: a child cannot call, shut down or reach its siblings in its own name', () => {
  const { router, calls } = controller();
  const child = scripted();
  const sibling = scripted();
  router.addChild(child.link, id(1), () => {});
  router.addChild(sibling.link, id(2), () => {});
  child.feed(frame({ handle: HANDLE.CALL, replyTo: 1000 }));
  child.feed(frame({ handle: HANDLE.SHUTDOWN, replyTo: 1001 }));
  child.feed(frame({ dst: 2, handle: 1000, replyTo: 1002 }));
  child.feed(frame({ dst: 77, handle: 1000, replyTo: 1003 }));
  child.feed(frame({ handle: 2222, replyTo: 1004 }));
  assert.deepEqual(calls, []);
  assert.deepEqual(sibling.sent(), []);
  const answers = child.sent();
  assert.deepEqual(
    answers.map(({ handle, replyTo }) => [handle, replyTo]),
    [1000, 1001, 1002, 1003, 1004].map((handle) => [handle, DEAD]),
  );
  assert.deepEqual(
    [...router.dropped],
    [
      ['policy', 2],
      ['sibling', 1],
      ['route', 1],
      ['handle', 1],
    ],
  );
});

test('Router: an answer mailbox takes messages of the context that was asked only', () => {
  const { router } = controller();
  const asked = scripted();
  const other = scripted();
  router.addChild(asked.link, id(1), () => {});
  router.addChild(other.link, id(2), () => {});
  const heard: number[] = [];
  const handle = router.open(id(1), (message) => void heard.push(message.src));
  other.feed(frame({ src: 2, auth: 2, handle }));
  other.feed(frame({ src: 2, auth: 2, handle, replyTo: DEAD }));
  assert.deepEqual(heard, []);
  asked.feed(frame({ handle }));
  assert.deepEqual(heard, [1]);
});

test('Router: garbage ends the link and nothing else; waiters are told once, after the routes are gone', () => {
  const { router } = controller();
  const child = scripted();
  const sibling = scripted();
  let lost = 0;
  router.addChild(child.link, id(1), (_reason, gone) => {
    lost++;
    assert.deepEqual(gone, [1]);
    assert.equal(router.hasRoute(id(1)), false);
  });
  router.addChild(sibling.link, id(2), () => assert.fail('the sibling lives'));
  const told: number[] = [];
  router.open(id(1), (message) => {
    assert.equal(router.hasRoute(id(1)), false);
    told.push(message.replyTo);
  });
  child.feed(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n'));
  child.feed(frame({}));
  assert.match(child.closed() ?? '', /frame/);
  assert.deepEqual([lost, told], [1, [DEAD]]);
  assert.equal(router.hasRoute(id(2)), true);
});

test('Router: transfers of a child are bounded: too many are refused, and what was not granted ends the link', () => {
  const { router, main } = controller();
  const child = scripted();
  router.addChild(child.link, id(1), () => {});
  const begin = (transfer: number, bytes: number): Uint8Array =>
    frame({ handle: HANDLE.TRANSFER, payload: encodeToBytes({ id: transfer, handle: 0x4000_0000, replyTo: 0, bytes }) });
  const piece = (transfer: number, bytes: number): Uint8Array => {
    const payload = new Uint8Array(4 + bytes);
    new DataView(payload.buffer).setUint32(0, transfer);
    return frame({ handle: HANDLE.TRANSFER_DATA, payload });
  };
  for (let n = 0; n < 1000; n++) child.feed(begin(n, 128 * 1024 * 1024));
  // Those who wait for the refused ones are told.
  assert.equal(main.length, 1000 - 256);
  assert.ok(main.every(({ replyTo }) => replyTo === DEAD));
  child.feed(frame({ handle: HANDLE.TRANSFER_DATA, payload: new Uint8Array([0, 0, 255, 255, 1]) }));
  child.feed(frame({ handle: HANDLE.TRANSFER_DATA, payload: new Uint8Array(3) }));
  child.feed(frame({ handle: HANDLE.TRANSFER_CREDIT, payload: new Uint8Array(8) }));
  assert.equal(child.closed(), undefined);
  // Each transfer keeps to its credit: together they fill the memory of one sender, then only the oldest gets more.
  for (let round = 0; round < 2; round++) for (let n = 0; n < 256; n++) child.feed(piece(n, 1024 * 1024));
  const credited = new Set(
    child
      .sent()
      .filter(({ handle }) => handle === HANDLE.TRANSFER_CREDIT)
      .map(({ payload }) => payload[3]),
  );
  assert.ok(credited.size >= 255);
  assert.ok(process.memoryUsage().arrayBuffers < 1024 * 1024 * 1024);
  for (let n = 0; n < 3 && child.closed() === undefined; n++) child.feed(piece(7, 1024 * 1024));
  assert.match(child.closed() ?? '', /granted/);
});

test('Router: any bytes either end the link or are dropped; nothing throws and nothing reaches a mailbox', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), fc.boolean(), (pieces, isFramed) => {
      const { router, main, calls } = controller();
      const child = scripted();
      router.addChild(child.link, id(1), () => {});
      for (const piece of pieces) child.feed(isFramed ? frame({ handle: HANDLE.TRANSFER, replyTo: 7, payload: piece }) : piece);
      assert.deepEqual([main.length, calls.length], [0, 0]);
    }),
    { numRuns: 2000 },
  );
});

test('Router: messages between two routers keep their bytes and, to one mailbox, their order, however large they are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 8 }), (sizes) => {
      const got: number[] = [];
      const up = new Router({ id: id(0), ancestors: [], unidirectional: true, toMain: () => false });
      const down = new Router({
        id: id(1),
        ancestors: [id(0)],
        unidirectional: true,
        toMain: (message) => {
          assert.ok(message.payload.every((byte) => byte === message.payload.length % 251));
          got.push(message.payload.length);
          return true;
        },
      });
      const wire = pair();
      up.addChild(wire.up, id(1), () => {});
      const reader = new FrameReader();
      wire.down.onData((bytes) => {
        for (const each of reader.push(bytes)) down.fromParent(each);
      });
      down.setParent(wire.down);
      for (const size of sizes) up.send({ dst: id(1), handle: 0x4000_0001, replyTo: 0, payload: new Uint8Array(size).fill(size % 251) });
      wire.run();
      assert.deepEqual(got, sizes);
    }),
    { numRuns: 50 },
  );
});

/** Two linked ends that deliver when `run` is called. */
function pair(): { readonly up: Link; readonly down: Link; run(): void } {
  const queues: { bytes: Uint8Array; to: 0 | 1 }[] = [];
  const handlers: ((bytes: Uint8Array) => void)[] = [];
  const drains: (() => void)[] = [];
  const end = (own: 0 | 1): Link => ({
    name: `end ${own}`,
    send: (bytes) => queues.push({ bytes, to: own === 0 ? 1 : 0 }) < 3,
    onData: (handler) => void (handlers[own] = handler),
    onDrain: (handler) => void drains.push(handler),
    onClose: () => {},
    pause: () => {},
    resume: () => {},
    close: () => {},
  });
  return {
    up: end(0),
    down: end(1),
    run: () => {
      for (;;) {
        const next = queues.shift();
        if (next === undefined) {
          for (const drain of drains) drain();
          if (queues.length === 0) return;
          continue;
        }
        handlers[next.to]?.(next.bytes);
      }
    },
  };
}

test('Router: a child that floods control frames is not read for a while, and loses its link when it goes on', () => {
  const clock = new ManualClock();
  const router = new Router({ id: id(0), ancestors: [], unidirectional: true, clock, toMain: () => false });
  const child = scripted();
  let pauses = 0;
  let resumes = 0;
  const link: Link = { ...child.link, pause: () => void pauses++, resume: () => void resumes++ };
  router.addChild(link, id(1), () => {});
  for (let n = 0; n < LIMITS.controlFramesBurst; n++) child.feed(frame({ handle: HANDLE.LOG }));
  assert.equal(pauses, 0);
  child.feed(frame({ handle: HANDLE.LOG }));
  assert.equal(pauses, 1);
  for (let second = 0; second < 40 && child.closed() === undefined; second++) {
    clock.advance(1000);
    for (let n = 0; n < 3 * LIMITS.controlFramesPerSecond; n++) child.feed(frame({ handle: HANDLE.LOG }));
  }
  assert.ok(resumes >= 29, `${resumes}`);
  assert.match(child.closed() ?? '', /too many control frames/);
});

test('Router: a child that asks and does not read loses its link before its answers fill the memory', () => {
  const { router } = controller();
  const child = scripted();
  let isFull = false;
  let waiting = 0;
  const link: Link = {
    ...child.link,
    send: (bytes) => {
      if (isFull) waiting += bytes.length;
      return !isFull;
    },
  };
  router.addChild(link, id(1), () => {});
  const ask = frame({ handle: 5000, replyTo: 7, payload: new Uint8Array(1) });
  for (let n = 0; n < 100_000; n++) child.feed(ask);
  assert.equal(child.closed(), undefined);
  isFull = true;
  for (let n = 0; n < 1_000_000 && child.closed() === undefined; n++) child.feed(ask);
  assert.match(child.closed() ?? '', /does not read/);
  assert.ok(waiting < 2 * LIMITS.unreadAnswerBytes, `${waiting} bytes wait`);
});

test('Router: frames that nobody wants count as those that are no answers do', () => {
  const clock = new ManualClock();
  const router = new Router({ id: id(0), ancestors: [], unidirectional: true, clock, toMain: () => false });
  const child = scripted();
  let pauses = 0;
  router.addChild({ ...child.link, pause: () => void pauses++ }, id(1), () => {});
  for (const parts of [{ handle: 0x4000_0000 }, { handle: 5000, src: 9 }, { handle: 5000, auth: 9 }, { handle: 6000, dst: 9 }]) {
    for (let n = 0; n <= LIMITS.controlFramesBurst; n++) child.feed(frame(parts));
    clock.advance(60_000);
  }
  assert.equal(pauses, 4);
});

test('Router: a transfer in pieces smaller than they have to be ends the link', () => {
  const { router, main } = controller();
  const child = scripted();
  router.addChild(child.link, id(1), () => {});
  const bytes = LIMITS.chunkBytes + 10;
  const piece = (count: number): Uint8Array => frame({ handle: HANDLE.TRANSFER_DATA, payload: new Uint8Array(4 + count) });
  const begin = frame({ handle: HANDLE.TRANSFER, payload: encodeToBytes({ id: 0, handle: 0x4000_0000, replyTo: 0, bytes }) });
  for (const part of [begin, piece(LIMITS.chunkBytes), piece(10)]) child.feed(part);
  assert.deepEqual([main.length, main[0]?.payload.length, child.closed()], [1, bytes, undefined]);
  for (const part of [begin, piece(1)]) child.feed(part);
  assert.match(child.closed() ?? '', /not the last one/);
});

test('Router: a handler that throws or rejects costs its message and nothing else', async () => {
  const { router } = controller();
  const child = scripted();
  router.addChild(child.link, id(1), () => {});
  router.on(HANDLE.HELLO, 'child', () => {
    throw new TypeError('at once');
  });
  router.on(HANDLE.ASK, 'child', async () => {
    await Promise.resolve();
    throw new TypeError('later');
  });
  child.feed(frame({ handle: HANDLE.HELLO, replyTo: 1000 }));
  child.feed(frame({ handle: HANDLE.ASK, replyTo: 1001 }));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    child.sent().map(({ handle, replyTo }) => [handle, replyTo]),
    [
      [1000, DEAD],
      [1001, DEAD],
    ],
  );
  assert.equal(router.dropped.get('garbage'), 2);
});
