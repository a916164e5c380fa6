import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Inspector } from './inspector.ts';

const inspector = new Inspector();
after(() => inspector.close());

class Hidden extends Error {}
function declared(a = 1): number {
  return a;
}
const arrow = async (): Promise<number> => 1;
const usesHidden = (): boolean => new Error('x') instanceof Hidden;

test('facts gives the parameters of a function and the start of an arrow, 1-based', () => {
  const place = inspector.facts(declared).place;
  const other = inspector.facts(arrow).place;
  assert.deepEqual([place?.line, place?.column, other?.line, other?.column], [9, 18, 12, 15]);
  assert.equal(place?.scriptId, other?.scriptId);
});

test('facts tells native and bound functions, and where a bound one comes from', () => {
  assert.deepEqual(inspector.facts(Math.max), { place: undefined, target: undefined, isBound: false });
  const bound = inspector.facts(declared.bind(null, 1).bind(null));
  assert.deepEqual([bound.place, bound.isBound, bound.target?.line], [undefined, true, 9]);
});

test('scriptUrls and scriptText name and give the script of a function', () => {
  const { scriptId = '' } = inspector.facts(declared).place ?? {};
  assert.equal(inspector.scriptUrls().get(scriptId), import.meta.url);
  assert.match(inspector.scriptText(scriptId) ?? '', /class Hidden extends Error/);
  assert.equal(inspector.scriptText('999999'), undefined);
});

test('scopeValue finds a class of the module that is not exported, and no global', () => {
  assert.equal(inspector.scopeValue(usesHidden, 'Hidden'), Hidden);
  assert.equal(inspector.scopeValue(usesHidden, 'Array'), undefined);
  assert.equal(inspector.scopeValue(Math.max, 'Hidden'), undefined);
  assert.equal(Reflect.has(globalThis, Symbol.for('resprout.locate')), false);
});

test('close may be called twice, and a later question connects again', () => {
  const other = new Inspector();
  other.close();
  assert.equal(other.facts(declared).place?.line, 9);
  other.close();
  other.close();
});
