import { test } from 'node:test';
import { program } from '../replay/support/program.ts';
import { inAllStages } from './support/stages.ts';

const HEAD = `import { Console } from 'node:console'; import { Writable, PassThrough } from 'node:stream'; import { pipeline } from 'node:stream/promises';
const pause = (ms = 3) => new Promise((resolve) => setTimeout(resolve, ms));\n`;

/** Name, body of the entry, what it returns, what it prints. */
const CASES: readonly (readonly [name: string, body: string, value: unknown, out: string])[] = [
  [
    'write gives true and calls back in the same turn',
    `const log = []; await pause(); const isTaken = process.stdout.write('x'.repeat(20000) + '\\n', () => log.push('written'));
     setImmediate(() => log.push('immediate')); await pause(); return [isTaken, log, process.stdout.writableLength];`,
    [true, ['written', 'immediate'], 0],
    `${'x'.repeat(20_000)}\n`,
  ],
  [
    'lines of timers that fire together',
    `await Promise.all([1, 2, 3].map((n) => pause(5).then(() => console.log(n))));`,
    undefined,
    '1\n2\n3\n',
  ],
  [
    'every encoding and bytes',
    `process.stdout.write('6162', 'hex'); process.stdout.write(Buffer.from('c')); process.stdout.write(new Uint8Array([100])); await pause(); process.stderr.write('e\\n'); return process.stdout.fd + process.stderr.fd;`,
    3,
    'abcde\n',
  ],
  [
    'the methods of the console',
    `console.log('%s is %d', 'a', 1); console.group('G'); console.info({ a: 1 }); await pause(); console.groupEnd(); console.table([{ a: 1 }]);
     console.assert(false, 'no'); console.count('c'); console.countReset('c'); console.dir([1]); console.error(new RangeError('r').message); console.debug('d'); console.warn('w');`,
    undefined,
    `a is 1\nG\n  { a: 1 }\n┌─────────┬───┐\n│ (index) │ a │\n├─────────┼───┤\n│ 0       │ 1 │\n└─────────┴───┘\nAssertion failed: no\nc: 1\n[ 1 ]\nr\nd\nw\n`,
  ],
  [
    'a console of its own, over process.stdout and over a stream of the program',
    `const own = []; const sink = new Writable({ write(chunk, _, done) { own.push(String(chunk)); done(); } });
     const mine = new Console({ stdout: sink }); mine.log('one'); await pause(); mine.log('two'); new Console(process.stdout, process.stderr).error('three'); new console.Console(process.stdout).log('four'); return own;`,
    ['one\n', 'two\n'],
    'three\nfour\n',
  ],
  [
    'a stream into process.stdout',
    `const from = new PassThrough(); from.pipe(process.stdout); from.write('a'); await pause(); from.write('b\\n'); await pause();
     await pipeline(['c', 'd\\n'], process.stdout, { end: false }); return process.stdout.writableEnded;`,
    false,
    'ab\ncd\n',
  ],
  [
    'a stack that is printed is no difference',
    `setTimeout(() => console.error(new Error('in a timer')), 1); await pause(); console.trace('here'); return 1;`,
    1,
    '',
  ],
  [
    'console.time reads the clock of the session',
    `console.time('t'); await pause(5); console.timeLog('t', 1); console.timeEnd('t'); return 1;`,
    1,
    '',
  ],
];

for (const [name, body, value, out] of CASES)
  test(name, async () => {
    using built = await program(`${HEAD}export default async function main() {\n${body}\n}`);
    await inAllStages(built, { how: 'done', value, out }, {}, out === '');
  });
