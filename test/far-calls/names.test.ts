// Names of contexts: as long as they come about by themselves, and what they do on their way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextInfo, local, type Context } from 'resprout';
import { back, title } from './programs/names.ts';

test('a context with the longest name is called, handed on and given back like any other', async () => {
  const name = 'n'.repeat(128);
  await using context = await local({ name });
  await using below = await local({ name: `${'b'.repeat(127)}0`, via: context });
  assert.deepEqual(await below.call(title), { name: below.name, title: `resprout:${below.name}` });
  for (const one of [context, below]) assert.equal(await below.call(back<Context>, one), one);
  await assert.rejects(local({ name: `${name}n` }), { code: 'REMOTE_TARGET_INVALID' });
  for (const odd of ['a/b', 'a\\b', 'a b', '-a', '']) await assert.rejects(local({ name: odd }), { code: 'REMOTE_TARGET_INVALID' }, odd);
  assert.equal(contextInfo().name, 'controller');
});
