import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { parseRecipe } from './parse-recipe.ts';
import { METHODS } from './methods.ts';
import { recipeKey, type Recipe } from './recipe.ts';
import { parseTarget } from './target.ts';

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

test('parseTarget reads local and ssh targets', () => {
  assert.deepEqual(parseTarget('local:'), [{ method: 'local', name: 'local' }]);
  assert.deepEqual(parseTarget('local:a'), [{ method: 'local', name: 'a' }]);
  assert.deepEqual(parseTarget('ssh://web-1'), [{ method: 'ssh', name: 'web-1', host: 'web-1' }]);
  assert.deepEqual(parseTarget('ssh://deploy@web-1:2222?node=/opt/my%20node/bin/node&name=front'), [
    { method: 'ssh', name: 'front', node: '/opt/my node/bin/node', host: 'web-1', user: 'deploy', port: 2222 },
  ]);
  assert.deepEqual(parseTarget('ssh://[::1]:22'), [{ method: 'ssh', name: '::1', host: '::1', port: 22 }]);
  assert.deepEqual(parseTarget('ssh://a@b.org@host/'), [{ method: 'ssh', name: 'host', host: 'host', user: 'a@b.org' }]);
});

test('parseTarget reads users and containers, and calls them by what they are part of', () => {
  const one = (text: string): unknown => parseTarget(text)[0];
  assert.deepEqual(one('sudo:'), { method: 'sudo', name: 'sudo.root' });
  assert.deepEqual(one('sudo:postgres?preserveEnv'), { method: 'sudo', name: 'sudo.postgres', user: 'postgres', preserveEnv: true });
  assert.deepEqual(one('su:app?shell=/bin/sh&login=true'), { method: 'su', name: 'su.app', user: 'app', login: true, shell: '/bin/sh' });
  assert.deepEqual(one('docker:web'), { method: 'docker', name: 'docker.web', container: 'web' });
  assert.deepEqual(one('docker://app@web?node=/n'), {
    method: 'docker',
    name: 'docker.app@web',
    node: '/n',
    container: 'web',
    user: 'app',
  });
  assert.deepEqual(one('kubectl:deployment/web?namespace=shop'), {
    method: 'kubectl',
    name: 'kubectl.shop.deployment.web',
    pod: 'deployment/web',
    namespace: 'shop',
  });
  assert.deepEqual(one('chroot:/srv/a%3Fb?user=app'), { method: 'chroot', name: 'chroot.srv.a.b', directory: '/srv/a?b', user: 'app' });
  assert.deepEqual(
    parseTarget('ssh://bastion+ssh://web+sudo:+docker:app+local:x').map(({ name }) => name),
    ['bastion', 'web', 'web.sudo.root', 'web.sudo.root.docker.app', 'x'],
  );
  assert.equal(parseTarget('sudo:', 'web')[0]?.name, 'web.sudo.root');
  assert.equal(parseTarget('sudo:', 'w'.repeat(120))[0]?.name, 'sudo.root');
});

test('parseTarget reads what each method gives as its form', () => {
  for (const { name, target } of METHODS)
    assert.equal(parseTarget(target.help.replace('PORT', '22').replace('//USER@', '//me@'))[0]?.method, name, target.help);
});

test('parseTarget reads a chain; a plus in a user name or path does not join', () => {
  assert.deepEqual(
    parseTarget('ssh://bastion+ssh://a+b@web?node=/opt/c++/node+local:x').map((recipe) => [recipe.method, recipe.name, recipe.node]),
    [
      ['ssh', 'bastion', undefined],
      ['ssh', 'web', '/opt/c++/node'],
      ['local', 'x', undefined],
    ],
  );
});

test('parseTarget throws REMOTE_TARGET_INVALID for what is not a target', () => {
  const texts = [
    '',
    'web-1',
    'ssh:',
    'ssh:web',
    'ssh://',
    'ssh://@h',
    'ssh://u@',
    'ssh://h:0',
    'ssh://h:65536',
    'ssh://h:x',
    'ssh://h:22:23',
  ];
  const more = [
    'docker://x',
    'docker:u@x',
    'docker:',
    'docker:-x',
    'docker:x?toolPath=/bin/sh',
    'kubectl:web?toolArgs=x',
    'chroot:relative',
    'chroot:/a%zz',
    'sudo:a b',
    'sudo:?preserveEnv=maybe',
    'su:?shell=sh',
    'cp:x',
    'local://x',
    'ssh://h?nod=1',
    'ssh://h?node=1&node=2',
    'ssh://h?node=%zz',
    'ssh://u:pw@h',
    'local:x+',
    'ssh://h+docker:',
  ];
  const long = ['ssh://' + 'h'.repeat(300), 'local:' + 'x'.repeat(5000)];
  for (const text of [...texts, ...more, ...long])
    assert.equal(
      codeOf(() => parseTarget(text)),
      'REMOTE_TARGET_INVALID',
      text,
    );
  assert.throws(
    () => parseTarget('ssh://deploy:hunter2@h'),
    (error: Error) => !error.message.includes('never') && /password has no place/.test(error.message),
  );
});

/** Every text of one or two characters of which at least one is not a letter or digit. */
function oddTexts(): string[] {
  const all = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code)).concat(['é', '\u202e', '\u2028', '\ufeff']);
  const plain = new Set('bc0');
  const few = all.filter((character) => plain.has(character) || !/[A-Za-z0-9]/.test(character));
  return [...few, ...few.flatMap((a) => few.map((b) => a + b))].filter((text) => /[^A-Za-z0-9]/.test(text));
}

test('parseTarget lets no odd host or user through that a shell would act on', () => {
  const accepted = new Set<string>();
  let refused = 0;
  for (const odd of oddTexts()) {
    for (const [host, user] of [[odd], [`a${odd}`], [`${odd}a`], ['h', odd], ['h', `u${odd}`], ['h', `${odd}u`]] as const) {
      const recipe = { method: 'ssh', host, ...(user === undefined ? {} : { user }) };
      for (const parse of [() => [parseRecipe(recipe)], () => parseTarget(`ssh://${user === undefined ? '' : `${user}@`}${host}`)]) {
        let parsed: Recipe[];
        try {
          parsed = parse();
        } catch {
          refused += 1;
          continue;
        }
        for (const one of parsed) {
          if (one.method !== 'ssh') continue;
          for (const word of [one['host'], one['user']]) if (typeof word === 'string') accepted.add(word);
        }
      }
    }
  }
  assert.ok(refused > 1000 && accepted.size > 100, `${refused} refused, ${accepted.size} accepted`);
  for (const word of accepted) assert.doesNotMatch(word, /^-|[^A-Za-z0-9._:%+@-]/, JSON.stringify(word));
  // What is accepted is one inert word for a shell: it comes out as it went in.
  const words = [...accepted];
  const echoed = spawnSync('sh', ['-c', `printf '%s\\n' ${words.join(' ')}`], { encoding: 'utf8', cwd: '/' });
  assert.deepEqual(echoed.stdout.split('\n').slice(0, -1), words);
});

test('parseRecipe refuses unknown keys, wrong types and hostile values, and shows no value of the environment', () => {
  const bad: unknown[] = [
    null,
    1,
    [],
    {},
    { method: 'cp' },
    { method: 'docker' },
    { method: 'local', nam: 'x' },
    { method: 'local', host: 'h' },
    { method: 'ssh' },
  ];
  const more: object[] = [
    { port: '22' },
    { port: 1.5 },
    { node: '' },
    { node: [] },
    { node: "/a'b" },
    { node: '/a\nb' },
    { node: '-e' },
    { node: ['env', 1] },
    { name: 'x'.repeat(129) },
    { name: '' },
    { name: '-x' },
    { name: 'a b' },
    { env: [] },
    { env: { 'A-B': 'x' } },
    { env: { A: 1 } },
    { hostKey: 'yes' },
    { configFile: 'relative' },
    { configFile: '/a\0b' },
    { connectTimeoutMs: 0 },
    { connectTimeoutMs: Number.NaN },
    { constructor: 'x' },
    { toolPath: 'x' },
  ];
  const tools: object[] = [
    { container: '' },
    { container: 'a b' },
    { container: '--privileged' },
    { container: 'x', user: '-u' },
    { container: 'x', toolPath: '' },
    { container: 'x', toolPath: '-x' },
    { container: 'x', toolPath: 'a\0b' },
    { container: 'x', toolArgs: 'exec' },
    { container: 'x', toolArgs: [1] },
    { container: 'x', toolArgs: Array.from({ length: 65 }, () => 'x') },
  ];
  bad.push(...tools.map((fields) => ({ method: 'docker', ...fields })));
  for (const value of [...bad, ...more.map((fields) => ({ method: 'ssh', host: 'h', ...fields }))]) {
    assert.equal(
      codeOf(() => parseRecipe(value)),
      'REMOTE_TARGET_INVALID',
      JSON.stringify(value),
    );
  }
  const canary = 'canary-env-41';
  assert.throws(
    () => parseRecipe({ method: 'local', env: { 'bad name': canary } }),
    (error: Error) => !JSON.stringify([error.message, error]).includes(canary),
  );
});

test('parseRecipe gives back what it took, for whatever it accepts', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9._][A-Za-z0-9._-]{0,20}$/);
  const recipe = fc.record(
    {
      method: fc.constant('ssh' as const),
      name,
      host: name,
      user: name,
      port: fc.integer({ min: 1, max: 65535 }),
      node: fc.array(name, { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: ['method', 'name', 'host'] },
  );
  fc.assert(fc.property(recipe, (value) => assert.deepEqual(parseRecipe(parseRecipe({ ...value })), { ...value })));
});

test('parseTarget and parseRecipe read pushNode, for all but local', () => {
  const pushed = (text: string): unknown => parseTarget(text)[0]?.pushNode;
  assert.deepEqual(
    ['', '=1', '=true'].map((value) => pushed(`ssh://web?pushNode${value}`)),
    [{}, {}, {}],
  );
  assert.deepEqual([pushed('docker:web?pushNode=memory'), pushed('sudo:?pushNode=false')], [{ inMemory: true }, undefined]);
  const file = '/opt/node-arm64/bin/node';
  const recipe = parseRecipe({ method: 'ssh', host: 'pi', pushNode: { file, inMemory: false } });
  assert.deepEqual([recipe.pushNode, parseRecipe(recipe)], [{ file }, recipe]);
  const refused = [3, 'yes', [], { file: 'node' }, { inMemory: 1 }, { from: '/x' }];
  for (const pushNode of refused)
    assert.throws(() => parseRecipe({ method: 'ssh', host: 'a', pushNode }), { code: 'REMOTE_TARGET_INVALID' });
  for (const text of ['ssh://a?pushNode=yes', 'local:a?pushNode=1', 'ssh://a?pushNode=%2Fbin%2Fnode'])
    assert.throws(() => parseTarget(text), { code: 'REMOTE_TARGET_INVALID' }, text);
  assert.throws(() => parseRecipe({ method: 'local', pushNode: true }), { code: 'REMOTE_TARGET_INVALID' });
});

test('recipeKey is equal for equal recipes, whatever the order of their keys, and tells no value', () => {
  const a: Recipe = { method: 'ssh', name: 'web', host: 'h', user: 'u', env: { A: 'canary', B: '2' } };
  const b = parseRecipe({ env: { B: '2', A: 'canary' }, user: 'u', host: 'h', name: 'web', method: 'ssh' });
  assert.equal(recipeKey(a), recipeKey(b));
  assert.match(recipeKey(a), /^ssh:web:[0-9a-f]{24}$/);
  for (const other of [
    { ...a, port: 22 },
    { ...a, host: 'g' },
    { ...a, env: { A: 'x', B: '2' } },
    { ...a, node: 'node' },
  ])
    assert.notEqual(recipeKey(a), recipeKey(other));
});
