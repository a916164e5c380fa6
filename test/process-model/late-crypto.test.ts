// node:crypto and Web Crypto, which are loaded when a program first asks for them: what it draws comes from its session, whichever way it asks.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Shop } from '../cli/support/cli.ts';

const hex = (bytes: string): string => `Buffer.from(${bytes}).toString('hex')`;

/** Programs that give what they draw. Apart from packages and createRequire they import nothing with which all late builtins are loaded. */
const DRAWS: Readonly<Record<string, string>> = {
  import: `import { randomUUID } from 'node:crypto';\nexport default () => randomUUID();`,
  'import()': `export default async () => (await import('node:crypto')).randomUUID();`,
  'import() without its scheme': `export default async () => (await import('crypto')).randomInt(1e9);`,
  require: `exports.main = () => require('crypto').randomBytes(9).toString('hex');`,
  createRequire: `import { createRequire } from 'node:module';\nexport default () => createRequire(import.meta.url)('crypto').randomUUID();`,
  'process.getBuiltinModule': `export default () => process.getBuiltinModule('crypto').randomUUID();`,
  'import() in a text that is evaluated': `export default async () => (await (0, eval)("import('node:crypto')")).randomUUID();`,
  'import() in a function that is made of a text': `export default async () => (await new Function("return import('crypto')")()).randomUUID();`,
  'a package that is an ES module': `import draw from 'esm-draws';\nexport default () => draw();`,
  'a package that is CommonJS': `import draw from 'cjs-draws';\nexport default () => draw();`,
  'the global crypto': `export default () => ${hex('crypto.getRandomValues(new Uint8Array(9))')};`,
  'the global crypto under a name that is put together': `export default () => globalThis['cry' + 'pto'].randomUUID();`,
  'the getter of crypto': `export default () => Object.getOwnPropertyDescriptor(globalThis, 'crypto').get.call(globalThis).randomUUID();`,
  'the class Crypto, looked at first': `const { randomUUID } = Crypto.prototype;\nexport default () => randomUUID.call(crypto);`,
  'the class SubtleCrypto, looked at first': `const { generateKey } = SubtleCrypto.prototype;
    export default async () => {
      const key = await generateKey.call(crypto.subtle, { name: 'AES-GCM', length: 128 }, true, ['encrypt']);
      return ${hex(`await crypto.subtle.exportKey('raw', key)`)};
    };`,
  'the class CryptoKey, looked at first': `const looked = CryptoKey.name;\nexport default () => looked + crypto.randomUUID();`,
  'a key': `export default async () => {
      const { generateKeySync } = await import('node:crypto');
      return generateKeySync('aes', { length: 128 }).export().toString('hex');
    };`,
  'other names of functions': `import crypto from 'node:crypto';
    export default () => [crypto.pseudoRandomBytes(9).toString('hex'), crypto.prng(9).toString('hex'), crypto.rng(9).toString('hex')].join();`,
  'UUIDs that begin with the time': `import crypto from 'node:crypto';
    export default () => [crypto.randomUUIDv7?.(), crypto.randomUUIDv7?.({ disableEntropyCache: true })].join();`,
};

const PACKAGES = {
  'node_modules/esm-draws/package.json': '{ "name": "esm-draws", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/esm-draws/index.js': `import { randomUUID } from 'crypto';\nexport default () => randomUUID();\n`,
  'node_modules/cjs-draws/package.json': '{ "name": "cjs-draws", "version": "1.0.0" }',
  'node_modules/cjs-draws/index.js': `const { randomUUID } = require('node:crypto');\nmodule.exports = () => randomUUID();\n`,
};

describe('what is drawn comes from the session', { concurrency: 2 }, () => {
  for (const [way, text] of Object.entries(DRAWS))
    test(`with ${way}`, async () => {
      const name = way === 'require' ? 'draws.cjs' : 'draws.ts';
      using shop = new Shop({ [name]: text, ...PACKAGES });
      const { exit, out, err } = await shop.run(['run', name, '--check', '--json']);
      assert.equal(exit, 0, out + err);
    });
});

test('the globals of Web Crypto are those of Node once one of them was looked at', async () => {
  const look = `
    const descriptor = Object.getOwnPropertyDescriptor;
    const shown = ({ get, set, value, ...rest }) => [get?.name, set, value?.name, rest];
    let refused = '';
    try { globalThis.crypto = 1; } catch (error) { refused = String(error); }
    crypto;
    const all = ['crypto', 'Crypto', 'SubtleCrypto', 'CryptoKey'].map((name) => shown(descriptor(globalThis, name)));
    const are = [Crypto === crypto.constructor, SubtleCrypto === crypto.subtle.constructor, crypto === process.getBuiltinModule('node:crypto').webcrypto];
    console.log(JSON.stringify([refused, all, are]));`;
  using shop = new Shop({ 'looks.ts': look, 'plain.mjs': look });
  const ran = await shop.run(['run', 'looks.ts']);
  const plain = spawnSync(process.execPath, [join(shop.folder, 'plain.mjs')], { encoding: 'utf8' });
  assert.match(plain.stdout, /only a getter.*true,true,true/);
  assert.equal(ran.out, plain.stdout, ran.err);
});

test('a crypto that a program has put there is there after node:crypto was loaded', async () => {
  using shop = new Shop({
    'mocks.ts': `export async function main() {
      const mine = { randomUUID: () => 'mine' };
      Object.defineProperty(globalThis, 'crypto', { value: mine, configurable: true });
      Object.defineProperty(globalThis, 'Crypto', { value: Map, configurable: true });
      await import('node:crypto');
      return [crypto.randomUUID(), Crypto === Map].join();
    }`,
  });
  const { exit, out, err } = await shop.run(['run', 'mocks.ts', '--json']);
  assert.equal(exit, 0, out + err);
  assert.match(out, /"mine,true"/, out);
});

test('recording has functions of node:crypto of its own, whether it or the program wants them first', async () => {
  using shop = new Shop({
    'keeps.ts': `import { Secret } from 'resprout';
      import { lengthOf } from './length.ts';
      export default async () => {
        const first = await lengthOf(new Secret('first'));
        const { default: crypto } = await import('node:crypto');
        crypto.createHmac = () => { throw new Error('of the program'); };
        return [first, await lengthOf(new Secret('second')), crypto.randomUUID()];
      };`,
    'length.ts': `import { activity } from 'resprout/durable';
      export const lengthOf = activity(async (secret) => secret.reveal().length);`,
  });
  const { exit, out, err } = await shop.run(['run', 'keeps.ts', '--check', '--json']);
  assert.equal(exit, 0, out + err);
});
