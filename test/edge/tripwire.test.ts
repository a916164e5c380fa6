import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { buildProgram, run } from '../replay/support/program.ts';

const files = {
  'node_modules/inner/package.json': '{ "name": "inner", "type": "module", "exports": "./index.js" }',
  'node_modules/inner/index.js': `import cluster from 'node:cluster';\nexport const open = () => cluster.fork();`,
  'node_modules/outer/package.json': '{ "name": "outer", "type": "module", "exports": "./index.js" }',
  'node_modules/outer/index.js': `import { open } from 'inner';
export const ask = () => { try { return open(); } catch (error) { return 'caught'; } };
export const lazy = (file) => { try { return process.dlopen({ exports: {} }, file); } catch { return 'caught'; } };`,
};

test('inline code that leaves by a way that nothing records ends the session, also when the package catches the error', async () => {
  using built = await buildProgram({
    ...files,
    'main.ts': `import { ask } from 'outer';\nexport default async () => {\n  const got = ask();\n  await 1;\n  return got;\n};`,
  });
  await assert.rejects(run(built), (error) => {
    assert.equal(codeOf(error), 'PACKAGE_NEEDS_BOUNDARY');
    const { message, problem } = error as Error & { problem: { do?: string; saw?: string } };
    assert.match(message, /^outer \(runs inline\) uses inner, which calls node:cluster\.fork/);
    assert.match(message, /called at main\.ts:3/);
    assert.match(String(problem.do), /\{ "packages": \{ "outer": "boundary" \} \}/);
    assert.match(String(problem.saw), /node_modules\/inner\/index\.js$/);
    return true;
  });
});

test('an add-on that inline code loads itself ends the session', async () => {
  using built = await buildProgram({
    ...files,
    'main.ts': `import { lazy } from 'outer';\nexport default async () => lazy('/nowhere/node_modules/x/build/x.node');`,
  });
  await assert.rejects(
    run(built),
    (error) => codeOf(error) === 'PACKAGE_NEEDS_BOUNDARY' && /process\.dlopen of x\/build\/x\.node/.test(String(error)),
  );
});

test("in an activity the same calls are the program's own business", async () => {
  using built = await buildProgram({
    ...files,
    'main.ts': `import { activity } from 'resprout/durable';
import { lazy } from 'outer';
export default async () => await activity(async () => lazy('/nowhere/node_modules/x/build/x.node'))();`,
  });
  assert.deepEqual((await run(built)).outcome, { how: 'done', value: 'caught', dropped: [] });
});
