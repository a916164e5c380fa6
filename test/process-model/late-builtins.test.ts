// Builtins that are loaded with the first program that asks for one: not before, patched whichever way it asks, and as Node makes them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { EARLY } from '../../src/durable/runner/edge/late.ts';
import { CLI, Shop } from '../cli/support/cli.ts';

/** Late builtins among the modules that Node has loaded. A runner itself has sockets, and takes node:net before it patches anything. */
const TALK = String.raw`^NativeModule (?:_?http|http2|https|tls|dgram|dns|child_process|zlib|sqlite|cluster|internal\/(?:http|tls|dgram|child_process)\b)`;
const CRYPTO = String.raw`^(?:NativeModule|Internal Binding) (?:internal\/)?crypto`;
const LATE = `/${TALK}|${CRYPTO}/`;

/** Expressions that give a promise of node:child_process. */
const WAYS: Readonly<Record<string, string>> = {
  'import()': `import('node:child_process')`,
  'import() without its scheme': `import('child_process')`,
  createRequire: `createRequire(import.meta.url)('child_process')`,
  'process.getBuiltinModule': `process.getBuiltinModule('child_process')`,
  'import() in a text that is evaluated': `(0, eval)("import('node:child_process')")`,
  'import() in a function that is made of a text': `new Function("return import('node:child_process')")()`,
  'import() in a script of node:vm': `new vm.Script("import('node:child_process')", { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext()`,
  'Module._load': `Module._load('child_process')`,
  'a package that is an ES module': `import('esm-talks').then(({ talk }) => talk)`,
  'a package that is CommonJS': `import('cjs-talks').then(({ default: talk }) => talk)`,
};

const program = (way: string): string => `
  import { createRequire, Module } from 'node:module';
  import vm from 'node:vm';
  export async function main() {
    const got = await ${way};
    const { execFileSync } = got.default ?? got;
    return String(execFileSync('echo', ['here'])).trim();
  }`;

const PACKAGES = {
  'node_modules/esm-talks/package.json': '{ "name": "esm-talks", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/esm-talks/index.js': `import * as children from 'child_process';\nexport const talk = children;\n`,
  'node_modules/cjs-talks/package.json': '{ "name": "cjs-talks", "version": "1.0.0" }',
  'node_modules/cjs-talks/index.js': `module.exports = require('node:child_process');\n`,
};

test('a program that talks with nothing and draws nothing loads none of them', async () => {
  // A class of the platform that is called has its place looked up, by the inspector; the file and the object are recorded.
  using shop = new Shop({
    'idle.ts': `import { readFileSync } from 'node:fs';
      import 'node:path';
      export default () => {
        new ReadableStream();
        readFileSync('idle.ts');
        console.log(process.moduleLoadList.filter((name) => ${LATE}.test(name)).join());
        return { map: new Map([[1, new Date()]]), error: new TypeError('none') };
      };`,
  });
  const { exit, out, err } = await shop.run(['run', 'idle.ts']);
  assert.deepEqual([exit, out.split('\n')[0]], [0, ''], out + err);
});

test('a program that draws loads nothing that talks', async () => {
  using shop = new Shop({
    'draws.ts': `import { randomBytes } from 'node:crypto';
      export default () => {
        crypto.randomUUID();
        randomBytes(1);
        console.log(process.moduleLoadList.filter((name) => /${TALK}/.test(name)).join());
      };`,
  });
  const { exit, out, err } = await shop.run(['run', 'draws.ts']);
  assert.deepEqual([exit, out], [0, '\n'], err);
});

test('what a program has without them leads to none', () => {
  // A file: Node loads node:crypto by itself for a text on its command line.
  using shop = new Shop({
    'look.cjs': `require(process.argv[2]); console.log(process.moduleLoadList.filter((name) => ${LATE}.test(name)).join());`,
  });
  for (const name of EARLY) {
    const args = ['--no-deprecation', join(shop.folder, 'look.cjs'), name];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(stdout, '\n', `${name}: ${stderr}`);
  }
});

describe('a call is recorded', { concurrency: 2 }, () => {
  for (const [way, expression] of Object.entries(WAYS))
    test(`of what was had by ${way}`, async () => {
      using shop = new Shop({ 'talks.ts': program(expression), ...PACKAGES });
      const ran = await shop.run(['run', 'talks.ts', '--check', '--json']);
      assert.equal(ran.exit, 0, ran.out + ran.err);
      const shown = await shop.run(['show', 'last', '--json', '--events']);
      assert.match(shown.out, /"node:child_process\.execFileSync"/, shown.out);
    });

  test('of CompressionStream, which needs no import', async () => {
    using shop = new Shop({
      'packs.ts': `export async function main() {
        const packed = new Blob(['a'.repeat(1000)]).stream().pipeThrough(new CompressionStream('gzip'));
        return (await Array.fromAsync(packed)).reduce((sum, piece) => sum + piece.length, 0) < 100;
      }`,
    });
    const ran = await shop.run(['run', 'packs.ts', '--check', '--json']);
    assert.equal(ran.exit, 0, ran.out + ran.err);
    const shown = await shop.run(['show', 'last', '--json', '--events']);
    assert.match(shown.out, /"hop"/, shown.out);
  });
});

test('modules of Node take functions of Node from each other, not ours', async () => {
  using shop = new Shop({
    'serves.ts': `import http from 'node:http';
      export async function main() {
        const server = http.createServer((_request, response) => response.end('hello'));
        await new Promise((resolve) => server.listen(0, resolve));
        const text = await (await fetch('http://localhost:' + server.address().port)).text();
        server.close();
        return text;
      }`,
  });
  const ran = await shop.run(['run', 'serves.ts', '--check', '--json']);
  assert.equal(ran.exit, 0, ran.out + ran.err);
  const shown = await shop.run(['show', 'last', '--json', '--events']);
  // Node's server looks for late requests by an interval of node:timers: in a session that would be a timer of the program.
  assert.doesNotMatch(shown.out, /"timer"/, shown.out);
});

test('what a program has put in the place of a patched function is there after they were loaded', async () => {
  using shop = new Shop({
    'mocks.ts': `export async function main() {
      const mine = () => 0;
      globalThis.setInterval = mine;
      await import('node:http');
      return globalThis.setInterval === mine;
    }`,
  });
  const { exit, out, err } = await shop.run(['run', 'mocks.ts', '--json']);
  assert.equal(exit, 0, out + err);
  assert.match(out, /"value":true|"result":true/, out);
});

test('one that cannot be loaded for want of descriptors is not had unpatched either, and is had later', () => {
  using shop = new Shop({
    name: './empty.ts',
    'empty.ts': 'export {};',
    'full.ts': `import { closeSync, openSync, readFileSync } from 'node:fs';
      export async function main() {
        // The broker thread answers where that is, and has loaded its own files then.
        await import(readFileSync('name', 'utf8'));
        const open = [];
        const refused = [];
        const ways = [() => process.getBuiltinModule('child_process'), () => crypto, () => CompressionStream, () => Crypto];
        try {
          for (;;) open.push(openSync('/dev/null'));
        } catch {
          for (const way of [...ways, ...ways]) {
            try {
              way();
              refused.push(false);
            } catch {
              refused.push(true);
            }
          }
        }
        open.forEach((fd) => closeSync(fd));
        void crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
        return [refused.join(), String(process.getBuiltinModule('child_process').execFileSync('echo', ['here'])).trim()];
      }`,
  });
  const run = (script: string): string => {
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script, process.execPath, CLI], {
      cwd: shop.folder,
      env: shop.env(),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  };
  assert.match(run('ulimit -n 120; exec "$0" "$1" run full.ts --json'), /\["(?:true,){7}true","here"\]/);
  const shown = run('exec "$0" "$1" show last --json --events');
  assert.match(shown, /"node:child_process\.execFileSync"/);
  assert.match(shown, /"crypto\.subtle\.generateKey"/);
});
