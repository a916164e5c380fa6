import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { nodePush } from './node-push.ts';
import { PushedFiles, textFile } from './pushed-file.ts';

const signal = new AbortController().signal;
const NODE = textFile('node', '#!/bin/sh\n'.padEnd(3_000_000, 'x'));

/** A push of a text, to a far side that is spoken for. */
function pushing(libraries = [textFile('lib/a', 'a')]) {
  const clock = new ManualClock();
  const notices: string[] = [];
  const files = new PushedFiles(undefined);
  const step = nodePush({
    push: {},
    tried: 'ssh web-1',
    files,
    clock,
    notice: (text) => notices.push(text),
    find: () => Promise.resolve({ name: 'Node 26.10.0', node: NODE, libraries }),
  });
  const say = (told: string): ReturnType<typeof step> => step(told, signal);
  return { clock, notices, say };
}

/** All bytes behind an answer. */
async function rest(say: ReturnType<typeof pushing>['say'], each: () => void = () => {}): Promise<number> {
  for (let bytes = 0; ;) {
    each();
    const answer = await say('more');
    bytes += answer.bytes.length;
    if (!answer.isMore) return bytes;
  }
}

test('nodePush answers with the text, the file, and the order to start it', async () => {
  const { say } = pushing();
  assert.match(Buffer.from((await say('system Linux x86_64')).bytes).toString(), new RegExp(`K=${NODE.sha256};B=${NODE.bytes};`));
  const begun = await say('lack none /somewhere');
  assert.deepEqual(
    [Buffer.from(begun.bytes).toString(), begun.isMore],
    [`put node ${NODE.bytes} ${NODE.sha256} ${NODE.bytes} none\n`, true],
  );
  assert.equal(await rest(say), NODE.bytes);
  assert.equal(Buffer.from((await say('got node')).bytes).toString(), 'go\n');
});

test('nodePush packs as the far side unpacks, and sends libraries once where Node does not run', async () => {
  for (const [packings, packing] of [
    ['zstd,gzip,none', 'zstd'],
    ['gzip,none', 'gzip'],
  ] as const) {
    const { notices, say } = pushing();
    await say('system Linux x86_64');
    const [, , packed = ''] = Buffer.from((await say(`lack ${packings} /x`)).bytes)
      .toString()
      .split(' ');
    assert.ok(Number(packed) < NODE.bytes / 10);
    assert.equal(await rest(say), Number(packed));
    await say('got node');
    assert.match(
      Buffer.from((await say('runs-not libatomic.so.1: cannot open')).bytes).toString(),
      new RegExp(`^put lib/a \\d+ \\w+ 1 ${packing}`),
    );
    assert.match(notices.join(), /libatomic.*its libraries are put beside it/);
    await rest(say);
    await say('got lib/a');
    await assert.rejects(say('runs-not still not'), { code: 'REMOTE_PUSH_IMPOSSIBLE' });
  }
});

test('nodePush gives a part again that is not kept any more', async () => {
  const { say } = pushing();
  await say('system Linux x86_64');
  await say('lack gzip,none /x');
  const { bytes, isMore, part } = await say('more');
  assert.match(part ?? '', /^[0-9a-f]{64}\.gzip \d+$/);
  assert.deepEqual(await say('again'), { bytes, isMore, part, hashBytes: 0 });
});

test('nodePush answers once at a time, and never again after it failed', async () => {
  const { say } = pushing();
  await say('system Linux x86_64');
  await say('lack none /x');
  const both = await Promise.allSettled([say('more'), say('more')]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  await assert.rejects(say('more'), { code: 'REMOTE_PUSH_FAILED' });
  const other = pushing();
  await assert.rejects(
    async () => {
      await other.say('system Linux x86_64');
      await other.say('lack none /x');
      for (let n = 0; n < 1000; n++) await other.say('again');
    },
    { code: 'REMOTE_PUSH_FAILED' },
  );
});

test('nodePush says each second how far it is', async () => {
  const { clock, notices, say } = pushing();
  await say('system Linux x86_64');
  await say('lack none /x');
  await rest(say, () => clock.advance(600));
  assert.deepEqual(notices, ['Node 26.10.0 is put there: 2.1 of 3.0 MB']);
});

test('nodePush compares what nothing there can hash', async () => {
  const { say } = pushing();
  await say('system Linux x86_64');
  await say('lack none /x');
  await rest(say);
  assert.equal((await say('back node')).hashBytes, NODE.bytes);
  assert.equal(Buffer.from((await say(`hash ${NODE.sha256}`)).bytes).toString(), `${NODE.sha256}\n`);
  await assert.rejects(say(`hash ${'0'.repeat(64)}`), { code: 'REMOTE_PUSH_FAILED' });
});

test('nodePush ends a push that says anything else, in any order, and one that says too much', async () => {
  const odd = [
    'lack gzip',
    'got',
    'back',
    'hash x',
    'runs-not',
    'no',
    'no /tmp is mounted noexec; ',
    'bad',
    'bad node: No space left on device',
    '',
    'x'.repeat(60_000),
  ];
  for (const told of odd) {
    const { say } = pushing();
    try {
      const { bytes, hashBytes } = await say(told);
      assert.ok(bytes.length < 100 && hashBytes === 0, told.slice(0, 40));
    } catch (error) {
      assert.match((error as { code: string }).code, /^REMOTE_PUSH_/, told.slice(0, 40));
    }
  }
  const { say } = pushing();
  await assert.rejects(
    async () => {
      for (let n = 0; n < 1000; n++) await say('got node');
    },
    { code: 'REMOTE_PUSH_FAILED' },
  );
  const waiting = pushing();
  await assert.rejects(async () => {
    for (let n = 0; n < 1000; n++) await waiting.say('wait 17');
  }, /process 17 there puts the same/);
});
