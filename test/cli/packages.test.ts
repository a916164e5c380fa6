// Packages as a user sees them: what they make while they load, what `explain` says, how a way out that nobody records ends a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonOf, Shop } from './support/cli.ts';

const packageFiles = (name: string, text: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: text,
});

test('what packages make while they load is the same in a run, a replay and a resumed run; their timers of then never fire', async () => {
  using shop = new Shop({
    'load.ts': `
      import { made, ticks, lazy } from 'probe';
      export default async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        const late = lazy();
        await new Promise((resolve) => setTimeout(resolve, 5));
        return [made, ticks(), late];
      };`,
    ...packageFiles(
      'probe',
      `const crypto = require('node:crypto');
       let n = 0;
       setInterval(() => n++, 1);
       exports.made = [Date.now(), new Date().toISOString(), Math.random(), crypto.randomUUID(), crypto.randomBytes(8).toString('hex'), performance.now()];
       exports.ticks = () => n;
       exports.lazy = () => require('late');`,
    ),
    ...packageFiles(
      'late',
      `module.exports = [Date.now(), Math.random(), require('node:fs').readFileSync(__filename, 'utf8').length > 0];`,
    ),
  });
  const checked = await shop.run(['run', 'load.ts', '--check']);
  assert.equal(checked.exit, 0, checked.err);
  assert.match(checked.err, /result agree/);
});

test('explain names class, reason and cure of each package, and the class of each call', async () => {
  using shop = new Shop({
    'use.ts': `import { go } from 'grpc';\nimport { add } from 'pure';\nexport default async () => {\n  await go();\n  return add(1);\n};`,
    ...packageFiles('grpc', `const { fork } = require('cluster'); exports.go = () => fork();`),
    ...packageFiles('pure', `exports.add = (n) => n + 1;`),
  });
  const { out, exit } = await shop.run(['explain', 'use.ts']);
  assert.equal(exit, 0);
  assert.match(out, /^grpc {2}boundary {2}\(by scan: grpc uses node:cluster\.fork\)$/m);
  assert.match(out, /^pure {2}inline/m);
  assert.match(out, /^ {2}to change it {2}\{ "packages": \{ "grpc": "inline" \} \} in resprout\.config\.json$/m);
  assert.match(out, /^use\.ts:4:9 +go +boundary$/m);
  assert.match(out, /^use\.ts:5:10 +add +inline$/m);
  const { value } = jsonOf(await shop.run(['explain', 'use.ts', '--json'])) as { value?: { packages: { name: string; treat: string }[] } };
  assert.deepEqual(
    value?.packages.map(({ name, treat }) => `${name} ${treat}`),
    ['grpc boundary', 'pure inline'],
  );
});

test('a package that leaves by a way that nobody records ends the run with the setting to write, and with it the run is right', async () => {
  using shop = new Shop({
    'use.ts': `import { go } from 'loose';\nexport default async () => await go();`,
    // Hidden from the scan: the name is computed.
    ...packageFiles(
      'loose',
      `exports.go = async () => { try { const hidden = require('inspec' + 'tor'); hidden.open(0, '127.0.0.1'); hidden.close(); return 'went'; } catch { return 'caught'; } };`,
    ),
  });
  const refused = await shop.run(['run', 'use.ts']);
  assert.equal(refused.exit, 1);
  assert.match(refused.err, /PACKAGE_NEEDS_BOUNDARY/);
  assert.match(refused.err, /loose \(runs inline\) calls node:inspector\.open/);
  assert.match(refused.err, /use\.ts:2/);
  assert.match(refused.err, /"loose": "boundary"/);
  shop.program.write('resprout.config.json', '{ "packages": { "loose": "boundary" } }');
  const right = await shop.run(['run', 'use.ts']);
  assert.deepEqual([right.exit, right.err.includes('PACKAGE')], [0, false]);
});
