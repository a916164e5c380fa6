import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ResproutError } from '../../src/base/errors/errors.ts';
import { Inventory } from '../../src/base/inventory/inventory.ts';
import { expandTargets } from '../../src/remote/inventory/expand-targets.ts';

const inventory = (settings: { readonly targets?: unknown; readonly groups?: unknown }): Inventory =>
  new Inventory(settings.targets, settings.groups, 'resprout.config.json');

const known = inventory({
  targets: { 'web-1': 'ssh://deploy@10.0.0.1', 'web-2': { target: 'ssh://deploy@10.0.0.2', vars: { port: 8082 } } },
  groups: {
    web: { targets: ['web-1', 'web-2', 'ssh://web-{09..11}'], vars: { port: 8080, of: 'web' } },
    all: { targets: ['@web', '@db', 'web-1'], vars: { port: 1, of: 'all', zone: ['eu', 1] } },
    db: ['local:db'],
    empty: [],
  },
});

test('targets: names, groups of groups and ranges stand for targets, in order, each once', () => {
  const texts = (...asked: string[]): string[] => expandTargets(asked, known).map(({ target }) => target);
  const web = ['ssh://deploy@10.0.0.1', 'ssh://deploy@10.0.0.2', 'ssh://web-09', 'ssh://web-10', 'ssh://web-11'];
  assert.deepEqual(texts('@web'), web);
  assert.deepEqual(texts('@all'), [...web, 'local:db']);
  assert.deepEqual(texts('local:db', '@all', '@web-1'), ['local:db', ...web]);
  assert.deepEqual(texts('@empty'), []);
  assert.deepEqual(texts('@db+local:inner'), ['local:db+local:inner']);
  assert.deepEqual(
    texts('local:a{1..2}b{08..10}'),
    ['a1b08', 'a1b09', 'a1b10', 'a2b08', 'a2b09', 'a2b10'].map((name) => `local:${name}`),
  );
});

test("targets: a target has its own variables over those of its groups, an inner group's over an outer one's", () => {
  const vars = (text: string): unknown => expandTargets([text], known)[0]?.vars;
  assert.deepEqual(vars('@web-1'), { port: 8080, of: 'web', zone: ['eu', 1] });
  assert.deepEqual(vars('@web-2'), { port: 8082, of: 'web', zone: ['eu', 1] });
  // By whatever name it is asked for.
  assert.deepEqual(vars('ssh://web-10'), { port: 8080, of: 'web', zone: ['eu', 1] });
  assert.deepEqual(vars('@db'), { port: 1, of: 'all', zone: ['eu', 1] });
  assert.deepEqual(vars('@db+local:'), { port: 1, of: 'all', zone: ['eu', 1] });
  assert.deepEqual(vars('local:elsewhere'), {});
  assert.deepEqual(
    Object.entries(
      inventory({ targets: { a: { target: 'local:', vars: JSON.parse('{ "__proto__": 1 }') as unknown } } }).find('a')?.[0]?.vars ?? {},
    ),
    [['__proto__', 1]],
  );
});

test('targets: what cannot be understood is refused, with the place and what to write', () => {
  const refusals: readonly (readonly [settings: object, saw: RegExp])[] = [
    [{ targets: [] }, /targets is not an object/],
    [{ targets: { a: 1 } }, /targets\.a is not an object/],
    [{ targets: { a: 'web-1' } }, /targets\.a is "web-1"/],
    [{ targets: { 'a b': 'local:' } }, /targets has the name "a b"/],
    [{ targets: { a: { target: 'local:', ports: 1 } } }, /there is no setting "targets\.a\.ports"/],
    [{ targets: { a: { target: 'local:', vars: [] } } }, /targets\.a\.vars is not an object/],
    [{ groups: { a: 'local:' } }, /groups\.a is not an object/],
    [{ groups: { a: [1] } }, /groups\.a has 1/],
    [{ groups: { a: {} } }, /groups\.a has no list of targets/],
    [{ groups: { a: ['b'] } }, /groups\.a names "b", which is not there/],
    [{ groups: { a: ['b'], b: [] } }, /groups\.a names "b"/],
    [{ groups: { a: ['@b'], b: ['@c'], c: ['@b'] } }, /groups hold each other: .*b, c, b/],
    [{ groups: { a: ['local:n{9..1}'] } }, /a range of groups\.a cannot be used/],
    [{ groups: { a: ['local:n{1..999999999}'] } }, /a range of groups\.a/],
    [{ targets: { a: 'local:' }, groups: { a: [] } }, /"a" is a target and a group/],
    [
      { groups: { a: { targets: ['local:x'], vars: { p: 1 } }, b: { targets: ['local:x'], vars: { p: 2 } } } },
      /"p" of local:x is 1 by group a and 2 by group b/,
    ],
  ];
  for (const [settings, saw] of refusals) {
    const isRefusal = (error: unknown): boolean =>
      error instanceof ResproutError && error.code === 'CONFIG_INVALID' && saw.test(error.message) && error.problem.do !== undefined;
    assert.throws(() => inventory(settings), isRefusal, JSON.stringify(settings));
  }
  assert.throws(() => expandTargets(['@wbe'], known), /"@wbe" is no target or group/);
  assert.throws(() => expandTargets(['local:{3..1}'], known), /cannot be used/);
});

test('targets: ten thousand hosts in nested groups are read in a moment', () => {
  const big = inventory({
    groups: { all: { targets: ['@a', '@b'], vars: { v: 1 } }, a: ['ssh://a-{00001..05000}'], b: ['ssh://b-{00001..05000}'] },
  });
  assert.equal(expandTargets(['@all'], big).length, 10_000);
});
