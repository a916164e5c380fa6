import { test } from 'node:test';
import { buildProgram } from '../replay/support/program.ts';
import { inAllStages, type Seen } from './support/stages.ts';

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly entry?: string;
  readonly exportName?: string;
  readonly expected: Seen;
}

const done = (out: string, value?: unknown): Seen => ({ how: 'done', value, out });

const CASES: readonly Case[] = [
  {
    name: 'a body with a top-level await and no export',
    files: { 'main.ts': `console.log('a'); await new Promise((resolve) => setTimeout(resolve, 2)); console.log('b', import.meta.main);` },
    expected: done('a\nb true\n'),
  },
  {
    name: 'a body ends when its timers have, and one that is not referred to does not hold it',
    files: {
      'main.ts': `setTimeout(() => console.log('late'), 5000).unref(); const held = setInterval(() => console.log('never'), 3000); held.unref();
        let n = 0; const counted = setInterval(() => { console.log(++n); if (n === 3) clearInterval(counted); }, 2);
        setImmediate(() => console.log('immediate')).unref(); process.on('exit', (code) => console.log('exit', code));`,
    },
    expected: done('immediate\n1\n2\n3\nexit 0\n'),
  },
  {
    name: 'a guarded body runs, and a module that it imports is not the main one',
    files: {
      'main.ts': `import { isMain } from './lib.ts'; if (import.meta.main) { console.log('main', isMain); process.exitCode = 3; }`,
      'lib.ts': `export const isMain = import.meta.main; if (import.meta.main) console.log('never');`,
    },
    expected: {
      how: 'failed',
      error: 'ResproutError: the program ended with process.exitCode 3',
      exitCode: 3,
      out: 'main false\n',
    },
  },
  {
    name: 'a CommonJS body is the main module',
    files: {
      'main.cjs': `const lib = require('./lib.cjs'); if (require.main === module) { console.log(module.id, lib(), require.main.filename === __filename);
        setTimeout(() => console.log('timer'), 2); process.nextTick(() => console.log('tick')); }`,
      'lib.cjs': `module.exports = () => require.main === module;`,
    },
    entry: 'main.cjs',
    expected: done('. false true\ntick\ntimer\n'),
  },
  {
    name: 'ticks that the body of a CommonJS file asks for come before its promises',
    files: {
      'main.cjs': `process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('promise')); console.log('body');`,
    },
    entry: 'main.cjs',
    expected: done('body\ntick\npromise\n'),
  },
  {
    name: 'promises that the body of a module asks for come before its ticks',
    files: {
      'main.mjs': `process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('promise')); console.log('body');`,
    },
    entry: 'main.mjs',
    expected: done('body\npromise\ntick\n'),
  },
  ...['main.cjs', 'main.mjs'].map((entry): Case => ({
    name: `what ${entry} throws goes to the handler of the program, which goes on`,
    files: {
      [entry]: `process.on('uncaughtException', (error) => console.log('caught', error.message)); setTimeout(() => console.log('later'), 2); throw new Error('x');`,
    },
    entry,
    expected: done('caught x\nlater\n'),
  })),
  {
    name: 'what a CommonJS body throws ends it before its ticks',
    files: {
      'main.cjs': `process.nextTick(() => console.log('tick')); process.on('exit', (code) => console.log('exit', code)); throw new Error('x');`,
    },
    entry: 'main.cjs',
    expected: { how: 'failed', error: 'Error: x', out: 'exit 1\n' },
  },
  {
    name: 'module.exports = function is the default export, and no script',
    files: {
      'main.cjs': `module.exports = async function () { await new Promise((r) => setTimeout(r, 1)); return [require.main === module]; };`,
    },
    entry: 'main.cjs',
    exportName: 'default',
    expected: done('', [false]),
  },
  {
    name: 'an error at the top level ends it with 1',
    files: { 'main.ts': `process.on('exit', (code) => console.log('exit', code)); await null; throw new RangeError('top');` },
    expected: { how: 'failed', error: 'RangeError: top', out: 'exit 1\n' },
  },
  {
    name: 'an exception of a timer after the body has ended ends it',
    files: { 'main.ts': `setTimeout(() => { throw new RangeError('timer'); }, 2); setTimeout(() => console.log('never'), 60);` },
    expected: { how: 'failed', error: 'RangeError: timer', out: '' },
  },
  {
    name: 'beforeExit of a script begins work',
    files: {
      'main.ts': `let n = 0; process.on('beforeExit', () => { if (n++ < 2) setTimeout(() => console.log('work', n), 1); }); console.log('body');`,
    },
    expected: done('body\nwork 1\nwork 2\n'),
  },
  {
    name: 'a top-level await that nothing can end is 13',
    files: { 'main.ts': `console.log('a'); await new Promise(() => {});` },
    expected: {
      how: 'failed',
      error: 'ResproutError: the program waits for something that nothing can bring any more',
      exitCode: 13,
      out: 'a\n',
    },
  },
  {
    name: 'an import of what is not there has the code of Node',
    files: {
      'main.ts': `const load = (name) => import(name); try { await import('./nothing.ts'); } catch (error) { console.log(error.code, error instanceof Error); }`,
    },
    expected: done('ERR_MODULE_NOT_FOUND true\n'),
  },
  {
    name: 'a user file that createRequire loads is a user file',
    files: {
      'main.ts': `import { createRequire } from 'node:module'; const load = createRequire(import.meta.url); const { each } = load('./lib.cjs');
        const seen: number[] = []; console.log(each([1, 2], (n: number) => { seen.push(n); }), seen.length, load('./package.json').type, load('node:path').sep,
        createRequire(import.meta.url)('./lib.cjs').each === each, load.resolve('./lib.cjs').endsWith('lib.cjs'));`,
      'lib.cjs': `exports.each = (list, fn) => { for (const x of list) fn(x); return 'done'; };`,
    },
    expected: done('done 2 module / true true\n'),
  },
];

for (const { name, files, entry, exportName = '', expected } of CASES)
  test(name, async () => {
    using built = await buildProgram(files, entry);
    await inAllStages(built, expected, { exportName });
  });
