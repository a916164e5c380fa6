// What a far side, or a process that runs a session, may say to exec, doctor and tree: what is none is an error with a code.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parseContextState, parseTree } from '../../src/durable/journal/runner/context-state.ts';
import type { OwnCall, OwnCaller } from '../../src/remote/calls/own-calls.ts';
import { examine } from '../../src/remote/doctor/examine.ts';
import { exec, type ExecPiece } from '../../src/remote/exec/exec.ts';
import { namesText, rootCauses } from '../../src/cli/hosts/root-causes.ts';

/** A context whose far half answers what a test says. */
const liar = (answer: (call: OwnCall) => unknown): OwnCaller => ({
  name: 'liar',
  callOwn: async (call) => await Promise.resolve(answer(call)),
  workOwn: ({ run, signal }) => run(signal ?? never),
});
const never = new AbortController().signal;
const refused = { code: 'REMOTE_PROTOCOL' };

async function* stream(pieces: readonly unknown[], end: unknown): AsyncGenerator<unknown, unknown> {
  yield* pieces;
  return await Promise.resolve(end);
}

const END = { exitCode: 3, signal: null };

test('exec takes pieces that are some, and an end that is one', async () => {
  const bytes = Uint8Array.of(1);
  const seen: ExecPiece[] = [];
  const odd = [undefined, null, 1, 'x', {}, { from: 'stdin', bytes }, { from: 'stdout', bytes: 'x' }, { from: 'stdout' }];
  const end = await exec(
    liar(() => stream([...odd, { from: 'stderr', bytes }], { ...END, more: 1 })),
    { argv: ['x'] },
    never,
    (piece) => void seen.push(piece),
  );
  assert.deepEqual([end, seen], [{ ...END, problem: undefined }, [{ from: 'stderr', bytes }]]);
  const wrong = [
    undefined,
    null,
    7,
    'x',
    [],
    {},
    { exitCode: -1, signal: null },
    { exitCode: 256, signal: null },
    { exitCode: 0.5, signal: null },
  ];
  for (const value of [...wrong, { exitCode: 0 }, { exitCode: null, signal: 'SIGTERM\u001b[2J' }, { exitCode: null, signal: 9 }])
    await assert.rejects(
      exec(
        liar(() => stream([], value)),
        { argv: ['x'] },
        never,
        () => {},
      ),
      refused,
      JSON.stringify(value),
    );
  for (const answer of [undefined, 5, 'x', {}, []])
    await assert.rejects(
      exec(
        liar(() => answer),
        { argv: ['x'] },
        never,
        () => {},
      ),
      refused,
    );
});

test('exec tells a far side that nobody takes what it writes', async () => {
  let isLeft = false;
  const endless = async function* (): AsyncGenerator<unknown> {
    try {
      for (;;) yield await Promise.resolve({ from: 'stdout', bytes: Uint8Array.of(1) });
    } finally {
      isLeft = true;
    }
  };
  await assert.rejects(
    exec(liar(endless), { argv: ['x'] }, never, () => {
      throw new Error('full');
    }),
    { message: 'full' },
  );
  assert.equal(isLeft, true);
});

test('examine takes facts that are some, and cuts what is too long', async () => {
  const facts = async (look: unknown, now: unknown = 0): Promise<Awaited<ReturnType<typeof examine>>> =>
    await examine(
      liar(({ fn }) => (fn === 'now' ? now : look)),
      never,
    );
  const odd = await facts({
    user: 5,
    shell: 'x'.repeat(1e6),
    cpus: -1,
    memoryBytes: Number.NaN,
    folders: [null, 5, { path: {} }, ...Array<object>(1000).fill({ path: '/x', freeBytes: 1, problem: 'EROFS' })],
    missing: 'x',
    listing: 'resprout-nodes no ;;; /a/node v1;broken ?; Linux\n',
  });
  assert.deepEqual([odd.user, odd.shell.length, odd.cpus, odd.memoryBytes, odd.missing], ['', 1000, 0, 0, []]);
  assert.ok(odd.folders.length < 30);
  for (const look of [undefined, null, 5, 'x']) await assert.rejects(facts(look), refused);
  await assert.rejects(facts({}, 'now'), refused);
});

test('a tree takes contexts that are some', () => {
  const state = { id: 1, name: 'n', method: 'ssh', via: 0, pid: 2, node: 'v24', hostname: 'h', generation: 1, calls: 0, oldestCallMs: 0 };
  assert.deepEqual(parseContextState({ ...state, more: 1 }), state);
  assert.equal(parseContextState({ ...state, name: 'x'.repeat(1e6) }).name.length, 300);
  for (const name of Object.keys(state))
    for (const value of [undefined, null, -1, 0.5, {}, []])
      assert.throws(() => parseContextState({ ...state, [name]: value }), { code: 'WIRE_BAD_VALUE' }, name);
  for (const value of [undefined, null, 1, [], {}, { n: 1 }, { n: '1', contexts: [] }, { n: 1, contexts: [{}] }])
    assert.throws(() => parseTree(value), { code: 'WIRE_BAD_VALUE' });
});

test('rootCauses: the same failure of many hosts is one, whatever names them in its text', () => {
  const host = (name: string, target: string) =>
    ({ name, target, label: name, vars: {}, recipes: [{ method: 'ssh', name, host: target.slice(6) }] }) as const;
  const failure = (name: string, target: string, message: string) =>
    ({ host: host(name, target), exit: 4, problem: { code: 'REMOTE_CONNECT_FAILED', message } }) as const;
  const causes = rootCauses([
    failure('web-1', 'ssh://10.0.0.1', 'ssh 10.0.0.1 cannot be reached: refused'),
    failure('web-10', 'ssh://10.0.0.10', 'ssh 10.0.0.10 cannot be reached: refused'),
    failure('a', 'ssh://a', 'a bad day on a'),
    failure('b', 'ssh://b', 'a bad day on b'),
    failure('web-2', 'ssh://10.0.0.2', 'ssh 10.0.0.2 cannot be reached: timed out'),
  ]);
  assert.deepEqual(
    causes.map(({ hosts }) => hosts.map(({ name }) => name)),
    [['web-1', 'web-10'], ['a'], ['b'], ['web-2']],
  );
  assert.equal(namesText(['x', 'y']), 'x, y');
  assert.ok(
    namesText(Array<string>(100).fill('some-host'))
      .split('\n')
      .every((line) => line.length <= 90),
  );
});
