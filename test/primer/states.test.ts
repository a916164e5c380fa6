// States of a repository of its own: loaded in the required Node with its packages, where the kernel does not know the target.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { until } from '../support/until.ts';
import type { Client, Ended } from './support/client.ts';
import { useWorkshop } from './support/workshop.ts';

/** What a module of states begins with: helpers of the kernel, a log of what was done, and of when it was loaded. */
const HEAD = `import { defineState, proto, replaceState, wrapState } from './proto_kernel.cjs';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
const log = (text: string): void => appendFileSync(path.join(import.meta.dirname, 'states.log'), text + '\\n');
log('loaded');
`;

const SCHEMA = `import tiny from 'tiny';
const schema = defineState('schema', {
  does: 'the schema, as the packages want it',
  parents: [proto.packages, proto.node],
  look: ({ root }) =>
    existsSync(path.join(root, 'schema.txt')) ? { fresh: true, why: 'it is there', value: 'v1' } : { fresh: false, why: 'no schema.txt' },
  reach(context, given) {
    log('schema ' + tiny + ' ' + path.isAbsolute(given.node) + ' ' + given.packages.length);
    context.say('writing it');
    writeFileSync(path.join(context.root, 'schema.txt'), 'v1');
    return 'v1';
  },
});
`;

type Setting = string | Readonly<Record<string, unknown>>;

describe('states of a client', { skip: missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(process.execPath);

  /** A project with a module of states; `body` ends with `export const states`. */
  function client(body: string, setting?: Setting, wild?: string): Client {
    const made = workshop.client(wild);
    writeFileSync(path.join(made.root, 'prime.states.ts'), HEAD + body);
    if (setting !== undefined) {
      const file = path.join(made.root, 'prime.config.json');
      writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), states: setting }, null, 2));
    }
    return made;
  }
  const logOf = (made: Client): string[] => readFileSync(path.join(made.root, 'states.log'), 'utf8').trim().split('\n');
  const refused = (ended: Ended, code: number, ...expected: readonly RegExp[]): void => {
    assert.equal(ended.code, code, ended.stderr);
    for (const text of expected) assert.match(ended.stderr, text);
  };

  test('a target that the kernel does not know is reached from a bare clone on another Node: packages first, then the module', async () => {
    const made = client(`${SCHEMA}export const states = [schema];`, undefined, testNode('20.20.2'));
    const first = await made.run('prime', ['--target', 'schema']);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /packages: .*[^]*schema: writing it\n.*schema: done/);
    assert.deepEqual(logOf(made), ['loaded', 'schema 42 true 64']);
    const second = await made.run('prime', ['--target', 'schema']);
    assert.deepEqual([second.code, second.stderr], [0, '']);
    assert.deepEqual(logOf(made).slice(2), ['loaded'], 'what is fresh is not done again');
  });

  test('a start that needs no state of the client does not load its module', async () => {
    const made = client(`${SCHEMA}export const states = [schema];`);
    assert.equal((await made.run('resprout')).code, 0);
    assert.equal((await made.run('prime')).code, 0);
    assert.equal(existsSync(path.join(made.root, 'states.log')), false);
  });

  test('a target that nobody knows is PRIME_NO_STATE with near names of both runtimes', async () => {
    const made = client(`${SCHEMA}export const states = [schema];`);
    refused(
      await made.run('prime', ['--target', 'shema']),
      2,
      /PRIME_NO_STATE .*shema\n.*states here: node, npm, packages, built, schema\n.*Did you mean schema\?/,
    );
    refused(await made.run('prime', ['--target', 'bilt']), 2, /Did you mean built\?/);
  });

  test('states that do not need each other are reached side by side, a shared parent once', async () => {
    const made = client(`
      const base = defineState('base', { does: 'first', parents: [proto.packages], reach: () => { log('base'); return 1; } });
      const meets = (name: string, other: string) => defineState(name, {
        does: 'waits for the other one',
        parents: [base],
        async reach(context, { base }): Promise<number> {
          writeFileSync(path.join(context.root, name), '');
          for (let i = 0; !existsSync(path.join(context.root, other)); i += 1) {
            if (i > 500) context.fail(name + ' waited in vain', { do: 'look at the graph' });
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          // Both run a tool at the same time, too.
          const said = await context.run('node', ['-e', 'setTimeout(() => console.log(1), 300)']);
          return base + Number(said);
        },
      });
      const [left, right] = [meets('left', 'right'), meets('right', 'left')];
      const both = defineState('both', { does: 'joins', parents: [left, right], reach: (_, given) => log('both ' + (given.left + given.right)) });
      export const states = [both];`);
    const ended = await made.run('prime', ['--target', 'both']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(logOf(made), ['loaded', 'base', 'both 4']);
  });

  test('a parent on demand is reached when it is called, and not before', async () => {
    const made = client(`
      const dear = defineState('dear', { does: 'costs', reach: () => { log('dear'); return 'paid'; } });
      const asks = (name: string, really: boolean) => defineState(name, {
        does: 'asks or not', onDemand: [dear], reach: async (_, { dear }) => { log(name); if (really) log(await dear() + await dear()); },
      });
      export const states = [asks('idle', false), asks('keen', true)];`);
    assert.equal((await made.run('prime', ['--target', 'idle'])).code, 0);
    assert.equal((await made.run('prime', ['--target', 'keen'])).code, 0);
    assert.deepEqual(logOf(made), ['loaded', 'idle', 'loaded', 'keen', 'dear', 'paidpaid']);
  });

  test('a state of the kernel is replaced for all that need it', async () => {
    const made = client(
      `export const states = [
        replaceState(proto.built, {
          does: 'another build',
          parents: [proto.packages],
          async reach(context) {
            log('built');
            await context.run('node', ['build.mjs']);
          },
        }),
      ];`,
      { module: 'prime.states.ts', overrides: ['built'] },
    );
    const ended = await made.run('resprout', ['x']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /"built":"one"/);
    assert.deepEqual(logOf(made), ['loaded', 'built']);
    assert.equal(existsSync(path.join(made.root, '.prime/built')), false, 'the build of the kernel did not run');
  });

  test('the packages of the kernel are replaced by a module that needs nothing of them, as for another package manager', async () => {
    const made = client(
      `import { mkdirSync } from 'node:fs';
      export const states = [
        replaceState(proto.packages, {
          does: 'packages by other means',
          look: ({ root }) => (existsSync(path.join(root, 'node_modules/tiny')) ? { fresh: true, why: 'there', value: 'mine' } : { fresh: false, why: 'none' }),
          reach(context) {
            const folder = path.join(context.root, 'node_modules/tiny');
            mkdirSync(folder, { recursive: true });
            writeFileSync(path.join(folder, 'package.json'), '{ "main": "i.js" }');
            writeFileSync(path.join(folder, 'i.js'), 'module.exports = 43;');
            log('installed');
            return 'mine';
          },
        }),
      ];`,
      { module: 'prime.states.ts', needs: 'node', overrides: ['packages'] },
    );
    for (const round of ['first', 'second']) {
      const ended = await made.run('resprout');
      assert.equal(ended.code, 0, `${round}: ${ended.stderr}`);
      assert.match(ended.stdout, /"tiny":43,"built":"one"/);
    }
    assert.deepEqual(logOf(made), ['loaded', 'installed', 'loaded']);
  });

  test('a state of the kernel is wrapped, also one that was reached before the module was loaded', async () => {
    const made = client(
      `export const states = [
        wrapState(proto.packages, {
          does: 'packages, and one thing more',
          async reach(context, { inner }) {
            const key = await inner();
            log('wrapped ' + key.length);
            return key;
          },
        }),
        defineState('after', { does: 'sees the wrapper', parents: [proto.packages], reach: () => log('after') }),
      ];`,
      { module: 'prime.states.ts', overrides: ['packages'] },
    );
    const first = await made.run('resprout');
    assert.equal(first.code, 0, first.stderr);
    assert.equal((await made.run('prime', ['--target', 'after'])).code, 0);
    assert.deepEqual(logOf(made), ['loaded', 'wrapped 64', 'loaded', 'wrapped 64', 'after']);
    const graph = await made.run('prime', ['graph']);
    assert.match(graph.stdout, /^proto {2}npm [^]*^meta {3}_packages .*needs node, npm\nmeta {3}packages .*needs _packages\n/m);
    assert.equal((await made.run('prime', ['--target', '_packages'])).code, 0, 'the old one keeps a name');
  });

  test('the graph is printed before and after the transition, as text and as Mermaid, and changes nothing', async () => {
    const made = client(`${SCHEMA}export const states = [schema];`);
    const before = await made.run('prime', ['graph']);
    assert.match(before.stderr, /the states of prime\.states\.ts are left out: they are known when packages is reached/);
    assert.doesNotMatch(before.stdout, /schema/);
    assert.equal(existsSync(path.join(made.root, '.prime')), false);
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0);
    const after = await made.run('prime', ['graph']);
    assert.match(after.stdout, /^proto {2}node .*\n[^]*\nmeta {3}schema {7}the schema, as the packages want it {2}needs packages, node\n/);
    assert.doesNotMatch((await made.run('prime', ['graph', '--proto'])).stdout, /schema/);
    const mermaid = (await made.run('prime', ['graph', '--mermaid'])).stdout;
    assert.match(
      mermaid,
      /^flowchart TD\n {2}subgraph proto\n {4}s0\["node"\]\n[^]* {2}subgraph meta\n {4}s4\["schema"\]\n {2}end\n[^]* {2}s2 --> s4\n/,
    );
    const dry = await made.run('prime', ['--dry']);
    assert.match(dry.stderr, /schema {5}would be prepared: no schema\.txt/);
    const { states } = JSON.parse((await made.run('prime', ['eval'])).stdout) as { states: Record<string, unknown> };
    assert.deepEqual(states['schema'], { fresh: false, why: 'no schema.txt', needs: ['packages', 'node'], isProto: false });
    assert.equal(existsSync(path.join(made.root, 'schema.txt')), false);
    refused(await made.run('prime', ['--mermaid']), 2, /USAGE {2}--mermaid and --proto are options of graph/);
  });

  test('two starts at once do the work of a state once', async () => {
    const made = client(`
      export const states = [defineState('slow', {
        does: 'takes its time',
        parents: [proto.packages],
        look: ({ root }) => ({ fresh: existsSync(path.join(root, 'slow')), why: 'the file' }),
        async reach(context) { log('slow'); await context.run('node', ['-e', 'setTimeout(() => fs.writeFileSync("slow", ""), 800)']); },
      })];`);
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0);
    const all = await Promise.all([1, 2].map(() => made.run('prime', ['--target', 'slow'])));
    for (const ended of all) assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(
      logOf(made).filter((line) => line !== 'loaded'),
      ['slow'],
    );
  });

  test('tools of states end with the primer, however that ends, and the next start does the state again', async () => {
    const made = client(`
      const tool = (name: string) => defineState(name, {
        does: 'runs a tool', parents: [proto.packages],
        async reach(context) { await context.run('node', ['-e', 'fs.writeFileSync(process.argv[1], String(process.pid)); setTimeout(() => {}, ' + (existsSync(path.join(context.root, 'quick')) ? 0 : 60000) + ')', name + '.pid']); },
      });
      export const states = [defineState('both', { does: 'two', parents: [tool('a'), tool('b')], reach: () => undefined })];`);
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0);
    const { child, ended } = made.start('prime', ['--target', 'both']);
    const pids = ['a', 'b'].map((name) => path.join(made.root, `${name}.pid`));
    await until('both tools run', () => pids.every((file) => existsSync(file) && readFileSync(file, 'utf8') !== ''));
    child.kill('SIGKILL');
    assert.equal((await ended).signal, 'SIGKILL');
    for (const file of pids) await until('the tool is gone', () => !isThere(Number(readFileSync(file, 'utf8'))));
    writeFileSync(path.join(made.root, 'quick'), '');
    const again = await made.run('prime', ['--target', 'both']);
    assert.equal(again.code, 0, again.stderr);
  });

  test('a state that fails says where and why, after those that run beside it have ended', async () => {
    const made = client(`
      const beside = defineState('beside', { does: 'goes on', async reach(context) { await context.run('node', ['-e', 'setTimeout(() => 0, 500)']); log('beside ended'); } });
      const throws = defineState('throws', { does: 'throws', reach: () => { throw new Error('no disk today'); } });
      const tool = defineState('tool', { does: 'runs', reach: async (context) => { await context.run('node', ['-e', 'console.error("it is broken"); process.exit(3)']); } });
      const late = defineState('late', { does: 'runs', reach: async (context) => { await context.run('node', ['-e', 'setTimeout(() => 0, 60000)'], { deadlineMs: 200 }); } });
      const says = defineState('says', { does: 'says', reach: (context) => context.fail('the port is taken', { tried: 'port 80', do: 'Free it' }) });
      const pair = defineState('pair', { does: 'two', parents: [beside, throws], reach: () => undefined });
      export const states = [pair, tool, late, says];`);
    refused(
      await made.run('prime', ['--target', 'pair']),
      4,
      /PRIME_STATE_FAILED {2}state throws failed\n.*at .*prime\.states\.ts:\d+\n.*saw .*no disk today\n/,
    );
    assert.deepEqual(logOf(made), ['loaded', 'beside ended']);
    refused(
      await made.run('prime', ['--target', 'tool']),
      3,
      /PRIME_STATE_FAILED {2}node -e .* failed\n.*at .*state tool\n.*tried .*\n.*saw .*it is broken\n/,
    );
    refused(await made.run('prime', ['--target', 'late']), 4, /no end within 0\.2 s/);
    refused(await made.run('prime', ['--target', 'says']), 4, /the port is taken\n.*at .*state says\n.*tried .*port 80\n.*do .*Free it/);
  });

  test('a module that cannot be used is PRIME_STATES_INVALID, with the place and a cure', async () => {
    const state = (name: string, more = ''): string => `defineState('${name}', { does: 'x', ${more} reach: () => 1 })`;
    const cases: readonly (readonly [string, RegExp, Setting?])[] = [
      ['export const states = [', /prime\.states\.ts cannot be loaded/],
      ["throw new Error('at load'); export const states = [];", /cannot be loaded\n.*at .*prime\.states\.ts:6\n.*saw .*at load/],
      ["import 'resprout/primer'; export const states = [];", /do .*Take the helpers from \.\/proto_kernel\.cjs/],
      ['export const other = [];', /exports no list named states\n[^]*exports: other\n[^]*export const states = \[/],
      ['export const states = [{ name: "x" }];', /state x was not made by defineState/],
      ['export const states = [5];', /entry 1 of states is no state/],
      [`export const states = [${state('Big name')}];`, /state Big name has the name "Big name"/],
      [`export const states = [${state('x')}, ${state('x')}];`, /state x is there twice/],
      [`export const states = [${state('packages')}];`, /there is a state named packages already\n.*\n.*use replaceState or wrapState/],
      [
        'export const states = [wrapState(proto.built, { does: "x", reach: () => undefined })];',
        /changes built, and the configuration does not say so/,
      ],
      [
        `export const states = [replaceState(proto.packages, { does: 'x', reach: () => '' })];`,
        /packages was reached before prime\.states\.ts was loaded\n[^]*states\.needs/,
        { module: 'prime.states.ts', overrides: ['packages'] },
      ],
      [
        `export const states = [replaceState(proto.npm, { does: 'x', parents: [proto.packages], reach: () => 1 })];`,
        /states need each other in a circle: npm, packages, npm/,
        { module: 'prime.states.ts', needs: 'node', overrides: ['npm'] },
      ],
      [`export const states = [${state('x')}];`, /does not change built\n/, { module: 'prime.states.ts', overrides: ['built'] }],
    ];
    const made = client('');
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0);
    const config = path.join(made.root, 'prime.config.json');
    const plain = JSON.parse(readFileSync(config, 'utf8')) as object;
    for (const [body, expected, setting] of cases) {
      writeFileSync(path.join(made.root, 'prime.states.ts'), HEAD + body);
      writeFileSync(config, JSON.stringify({ ...plain, states: setting ?? 'prime.states.ts' }, null, 2));
      refused(await made.run('prime', ['--target', 'any']), 4, /PRIME_STATES_INVALID/, expected);
    }
  });

  test('JavaScript that asks for an undeclared parent is told so, when it runs', async () => {
    const made = client('export const states = [defineState("x", { does: "x", reach: (_, given: any) => given.packages })];');
    refused(
      await made.run('prime', ['--target', 'x']),
      4,
      /PRIME_STATES_INVALID {2}state x asks for packages, which is not among its parents/,
    );
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
