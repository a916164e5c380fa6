import { test } from 'node:test';
import assert from 'node:assert/strict';
import { envChange, envHashes } from './env-hashes.ts';

const storeOf = (key: string): { readonly key: Uint8Array } => ({ key: Buffer.from(key.padEnd(32, '.')) });
const store = storeOf('one');

test('envHashes() does not show that two names have equal values', () => {
  const { A, B } = envHashes(store, { A: 'same', B: 'same' });
  assert.ok(A !== undefined && B !== undefined);
  assert.notEqual(A, B);
});

test('envHashes() does not take a name and its value for another pair of the same text', () => {
  assert.notEqual(envHashes(store, { A: 'bc' })['A'], envHashes(store, { Ab: 'c' })['Ab']);
});

test("envHashes() are another store's with another key, and show no value", () => {
  const env = { TOKEN: 'a-secret-token' };
  assert.notDeepEqual(envHashes(store, env), envHashes(storeOf('two'), env));
  assert.deepEqual(envHashes(store, env), envHashes(storeOf('one'), env));
  assert.ok(!JSON.stringify(envHashes(store, env)).includes('secret'));
});

test('envHashes() leave out what terminals and shells set anew', () => {
  assert.deepEqual(Object.keys(envHashes(store, { B: '', A: '', SHLVL: '2', TERM: 'x', SSH_TTY: '/dev/pts/1', _: 'x' })), ['A', 'B']);
});

test('envChange() names what has another value or is set in one of both only', () => {
  const start = { session: 'ses_a', envHashes: envHashes(store, { A: '1', B: '1', C: '1' }) };
  assert.equal(envChange(store, start, { A: '1', B: '1', C: '1', TERM: 'other' }), undefined);
  const change = envChange(store, start, { A: '1', B: '2', D: '1' });
  assert.deepEqual(
    [change?.code, change?.message],
    ['ENV_CHANGED', 'environment variables differ from those the session started with: B, C, D'],
  );
});
