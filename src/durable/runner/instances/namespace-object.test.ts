import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNamespace } from './namespace-object.ts';

test('createNamespace: is sealed, ordered, live and without prototype, as the real one', () => {
  let counter = 1;
  const bindings = {
    get counter() {
      return counter;
    },
    apply: () => 1,
    get Dead(): unknown {
      throw new ReferenceError("Cannot access 'Dead' before initialization");
    },
  };
  const namespace = createNamespace(bindings) as Record<string, unknown>;
  assert.deepEqual(Object.keys(namespace), ['Dead', 'apply', 'counter']);
  assert.equal(Object.prototype.toString.call(namespace), '[object Module]');
  assert.equal(Object.getPrototypeOf(namespace), null);
  assert.equal(namespace['counter'], 1);
  counter++;
  assert.equal(namespace['counter'], 2);
  assert.throws(() => namespace['Dead'], ReferenceError);
  assert.throws(() => (namespace['counter'] = 5), TypeError);
  assert.throws(() => (namespace['apply'] = 5), TypeError);
  assert.throws(() => (namespace['more'] = 5), TypeError);
  assert.throws(() => delete namespace['counter'], TypeError);
});

test('createNamespace: what a CommonJS file has exported so far is seen later too', () => {
  const bindings: Record<string, unknown> = { default: undefined };
  const namespace = createNamespace(bindings) as Record<string, unknown>;
  bindings['default'] = 'exported';
  assert.equal(namespace['default'], 'exported');
});
