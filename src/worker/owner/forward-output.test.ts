import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { KnownSecrets } from '../../platform/secrets/known-secrets.ts';
import { realClock } from '../../platform/time/clock.ts';
import { forwardOutput as forward, type ForwardedOutput } from './forward-output.ts';

const PIECES = 50;

function forwardOutput(
  ...[stream, output, keep]: Parameters<typeof forward> extends [infer A, infer B, infer C, unknown] ? [A, B, C] : never
): ForwardedOutput {
  return forward(stream, output, keep, { secrets: new KnownSecrets(), clock: realClock });
}

/** A stream with more in it than an output takes at once. */
function source(): PassThrough {
  const stream = new PassThrough();
  for (let piece = 0; piece < PIECES; piece++) stream.write(Buffer.alloc(1000, piece));
  stream.end();
  return stream;
}

/** An output that takes one piece and holds its answer until `answer` is called. */
function slow(): { readonly output: Writable; readonly got: Buffer[]; answer(error?: Error): void } {
  const got: Buffer[] = [];
  let waiting: ((error?: Error | null) => void) | undefined;
  const output = new Writable({
    highWaterMark: 1,
    write: (bytes: Buffer, _, done) => {
      got.push(bytes);
      waiting = done;
    },
  });
  output.on('error', () => {});
  return { output, got, answer: (error) => waiting?.(error) };
}

test('forwardOutput() hands all bytes on in order, however slow the output is', async () => {
  const { output, got, answer } = slow();
  const forwarded = forwardOutput(source(), output, () => {});
  const timer = setInterval(() => answer(), 0);
  await forwarded.done;
  while (output.writableLength > 0) await new Promise(setImmediate);
  clearInterval(timer);
  assert.deepEqual(Buffer.concat(got), Buffer.concat(Array.from({ length: PIECES }, (_, piece) => Buffer.alloc(1000, piece))));
  assert.equal(output.listenerCount('close') + output.listenerCount('error') <= 4, true, 'it does not listen anew for each piece');
});

test('forwardOutput() reads on and drops the rest when the output fails while it is waited for', async () => {
  const { output, got, answer } = slow();
  const forwarded = forwardOutput(source(), output, () => {});
  while (!forwarded.isBlocked()) await new Promise(setImmediate);
  answer(new Error('ENOSPC'));
  await forwarded.done;
  assert.equal(forwarded.isBlocked(), false);
  assert.equal(got.length, 1);
});

test('forwardOutput() keeps all bytes, also of an output that fails and without one', async () => {
  const all = Buffer.concat(Array.from({ length: PIECES }, (_, piece) => Buffer.alloc(1000, piece)));
  for (const output of [undefined, slow()]) {
    const kept: Uint8Array[] = [];
    const forwarded = forwardOutput(source(), output?.output, (bytes) => kept.push(bytes));
    if (output !== undefined) {
      while (!forwarded.isBlocked()) await new Promise(setImmediate);
      output.answer(new Error('EPIPE'));
    }
    await forwarded.done;
    assert.deepEqual(Buffer.concat(kept), all);
  }
});

test('forwardOutput() reads on when the output is closed while it is waited for', async () => {
  const { output } = slow();
  const forwarded = forwardOutput(source(), output, () => {});
  while (!forwarded.isBlocked()) await new Promise(setImmediate);
  output.destroy();
  await forwarded.done;
  assert.equal(forwarded.isBlocked(), false);
});

test('forwardOutput() hands on at once what lies in the pipe, and no byte twice', async () => {
  const child = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
  const got: Buffer[] = [];
  const output = new Writable({ write: (bytes: Buffer, _, done) => (got.push(bytes), done()) });
  const forwarded = forwardOutput(child.stdout, output, () => {});
  const fd = Reflect.get(Reflect.get(child.stdin, '_handle') as object, 'fd') as number;
  for (let n = 0; n < 20; n++) {
    const before = Buffer.concat(got).length;
    writeSync(fd, `line ${String(n)}\n`);
    // The event loop stands still: nothing but this call can have read it.
    for (const untilMs = performance.now() + 5000; Buffer.concat(got).length === before && performance.now() < untilMs;)
      forwarded.takeNow();
    if (n % 3 === 0) await new Promise(setImmediate);
  }
  child.stdin.end();
  await forwarded.done;
  assert.equal(Buffer.concat(got).toString(), Array.from({ length: 20 }, (_, n) => `line ${String(n)}\n`).join(''));
});
