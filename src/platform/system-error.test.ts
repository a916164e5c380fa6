import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ResproutError } from '../base/errors/errors.ts';
import { codedError, inStore } from './system-error.ts';

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('codedError() makes STORE_IO of a file of the store and FILE_IO of any other, and leaves everything else', () => {
  const error = thrownBy(() => readFileSync('/no/such/store/key'));
  const codeIn = (...ours: readonly string[]): string | undefined => {
    const coded = codedError(error, ours);
    return coded instanceof ResproutError ? coded.code : undefined;
  };
  assert.deepEqual([codeIn('/no/such/store'), codeIn('/no/such/st'), codeIn()], ['STORE_IO', 'FILE_IO', 'FILE_IO']);
  const own = new ResproutError('USAGE', 'x');
  const plain = Object.assign(new Error('of a program'), { code: 'ENOENT' });
  assert.equal(codedError(own, ['/']), own);
  assert.equal(codedError(plain, ['/']), plain);
  assert.equal(codedError('text', []).message, 'text');
});

test('codedError() says what to do about a limit', () => {
  const error = Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE', syscall: 'open', path: '/store/key' });
  const coded = codedError(error, ['/store']);
  assert.ok(coded instanceof ResproutError);
  assert.match(coded.problem.do ?? '', /ulimit -n/);
  assert.equal(coded.cause, error);
});

test('inStore() codes what is thrown later too', async () => {
  const work = async (): Promise<never> => {
    await Promise.resolve();
    throw thrownBy(() => readFileSync('/no/such/store/key'));
  };
  await assert.rejects(inStore('/no/such/store', work), { code: 'STORE_IO' });
  assert.equal(await inStore('/store', async () => 7), 7);
});
